/**
 * Runs that several callers share, each on its own connection to a real link.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { connectLink, type LinkClient, type LinkSetting } from "../../src/link/mod.ts";
import type { LinkEvent } from "../../src/packet/mod.ts";
import { until } from "./poll.ts";
import { serverAddress, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
const lossy = (seed?: number): LinkSetting => ({
  profile: `loss 30%${seed === undefined ? "" : ` seed ${seed}`}`,
  script: "",
});
const join = { join: true };
let stage: Stage;
let callers: LinkClient[] = [];

beforeAll(async () => void (stage = await Stage.start()));
afterAll(async () => await stage?.[Symbol.asyncDispose]());
afterEach(async () => {
  callers.forEach((one) => one.close());
  callers = [];
  await stage.link.end();
});

async function caller(): Promise<LinkClient> {
  const one = await connectLink(stage.control);
  callers.push(one);
  return one;
}

const ping = async (count = 1) =>
  void await stage.run("client", "ping", `-c${count}`, "-i0.002", "-W1", serverAddress);

/** Names of the events from here until the given number of runs has ended. */
async function kinds(ends: number): Promise<() => Promise<string[]>> {
  const events = await stage.link.events();
  const told = (async () => {
    const all: string[] = [];
    for await (const event of events) {
      if (event.ev === "packet") continue;
      all.push(event.ev === "begin" ? `begin ${event.epoch}` : event.ev);
      if (all.filter((kind) => kind === "end").length === ends) break;
    }
    return all;
  })();
  return () => told;
}

test("callers with the same settings share a run; each leaves by itself and the last ends it", async () => {
  const slow = { profile: "delay 1ms seed 3", script: "" };
  const told = await kinds(1);
  const [first, second, third] = [await caller(), await caller(), await caller()];
  const begun = await first!.begin(slow, wire, join);
  expect(begun).toMatchObject({ joined: false, running: true });
  await ping();
  const joined = await second!.begin(slow, wire, join);
  expect(joined).toMatchObject({ joined: true, epoch: begun.epoch, up: { counts: { seen: 1 } } });
  expect(joined.t_us).toBeGreaterThan(begun.t_us);
  await third!.begin(slow, wire, join);
  expect(await first!.end()).toMatchObject({ last: false, up: { seen: 1 } });
  await ping();
  // Over is over: the others' run is not the first one's any more.
  expect(await first!.end()).toMatchObject({ last: false });
  expect(await third!.end()).toMatchObject({ last: false, sharers: 3, up: { seen: 2 } });
  expect(await stage.link.show()).toMatchObject({ running: true, epoch: begun.epoch });
  expect(await second!.end()).toMatchObject({ last: true, up: { seen: 2 } });
  expect(await stage.link.show()).toMatchObject({ running: false });
  expect(await told()).toEqual([`begin ${begun.epoch}`, "end"]);
});

test("ten callers at once make one run", async () => {
  const told = await kinds(1);
  const all = await Promise.all(Array.from({ length: 10 }, caller));
  const states = await Promise.all(all.map((one) => one.begin(lossy(1), wire, join)));
  expect(new Set(states.map(({ epoch }) => epoch)).size).toBe(1);
  expect(states.filter(({ joined }) => !joined)).toHaveLength(1);
  const ends = await Promise.all(all.map((one) => one.end()));
  expect(ends.filter(({ last }) => last)).toHaveLength(1);
  expect(await told()).toHaveLength(2);
});

test("a caller whose connection closes leaves its run; with the last one's it ends", async () => {
  const told = await kinds(1);
  const [first, second] = [await caller(), await caller()];
  await first!.begin(wire, wire, join);
  await second!.begin(wire, wire, join);
  first!.close();
  await ping();
  expect(await stage.link.show()).toMatchObject({ running: true });
  second!.close();
  expect(await told()).toHaveLength(2);
  expect(await stage.link.show()).toMatchObject({ running: false, up: { counts: { seen: 1 } } });
  const third = await caller();
  expect((await third.begin(wire, wire, join)).joined).toBe(false);
});

test("a caller that has left by end and then closes does not end the others' run", async () => {
  const [first, second] = [await caller(), await caller()];
  await first!.begin(wire, wire, join);
  await second!.begin(wire, wire, join);
  await first!.end();
  first!.close();
  const third = await caller();
  expect((await third.begin(wire, wire, join)).joined).toBe(true);
});

test.each<[string, Parameters<LinkClient["begin"]>]>([
  ["the same in other words", [{ profile: "loss 30.00% seed 3", script: "" }, lossy(4), join]],
  ["no seeds", [lossy(), lossy(), join]],
  ["another seed that was drawn", [lossy(8), lossy(9), { ...join, reuseSeeds: true }]],
])("begin() joins a run with %s", async (_, wanted) => {
  const [first, second] = [await caller(), await caller()];
  const { epoch } = await first!.begin(lossy(3), lossy(4), join);
  const state = await second!.begin(...wanted);
  expect(state).toMatchObject({ joined: true, epoch });
  expect(state.up.profile).toMatch(/seed 3$/);
  expect(await first!.end()).toMatchObject({ last: false });
  expect(await stage.link.show()).toMatchObject({ running: true });
});

test.each<[string, Parameters<LinkClient["begin"]>]>([
  ["another seed", [lossy(3), lossy(5), join]],
  ["another profile", [lossy(3), wire, join]],
  ["another profile, its seed drawn", [lossy(3), wire, { ...join, reuseSeeds: true }]],
  ["another script", [{ ...lossy(3), script: "lose 1" }, lossy(4), join]],
])("begin() takes no link from others for %s", async (_, wanted) => {
  const [first, second] = [await caller(), await caller()];
  const { epoch } = await first!.begin(lossy(3), lossy(4), join);
  await expect(second!.begin(...wanted)).rejects.toThrow(
    "Wait until the other run has ended: it uses another network",
  );
  const state = await stage.link.show();
  expect(state).toMatchObject({ running: true, epoch });
  expect(state.up.profile).toMatch(/seed 3$/);
  // It is as if nobody had asked: the run ends with its own, and then the link is free.
  expect(await first!.end()).toMatchObject({ last: true, sharers: 1 });
  expect(await second!.begin(...wanted)).toMatchObject({ joined: false, epoch: epoch + 1 });
});

test("begin() with join ends a run that its caller alone takes part in", async () => {
  const first = await caller();
  const { epoch } = await first.begin(lossy(3), wire, join);
  expect(await first.begin(wire, wire, join)).toMatchObject({ joined: false, epoch: epoch + 1 });
  expect(await first.end()).toMatchObject({ last: true });
});

test("begin() without join ends a shared run, which has its counts and does not end the other", async () => {
  const [first, second] = [await caller(), await caller()];
  const { epoch } = await first!.begin(lossy(3), lossy(4), join);
  expect(await second!.begin(lossy(3), lossy(4))).toMatchObject({
    joined: false,
    epoch: epoch + 1,
  });
  expect(await first!.end()).toMatchObject({ last: false });
  expect(await stage.link.show()).toMatchObject({ running: true });
});

test("a run begun without join is nobody's: it is not joined, and outlives its caller", async () => {
  const [first, second] = [await caller(), await caller()];
  const { epoch } = await first!.begin(wire, wire);
  first!.close();
  expect(await stage.link.show()).toMatchObject({ running: true, epoch });
  expect(await second!.begin(wire, wire, join)).toMatchObject({ joined: false, epoch: epoch + 1 });
});

test("what was set since does not keep others from joining, and they are told of it", async () => {
  const [first, second] = [await caller(), await caller()];
  await first!.begin(wire, wire, join);
  await stage.link.set({ up: lossy(7) });
  const state = await second!.begin(wire, wire, join);
  expect(state).toMatchObject({ joined: true, up: { profile: expect.stringMatching(/loss 30%/) } });
});

test("who takes no part may end a shared run", async () => {
  const first = await caller();
  await first.begin(wire, wire, join);
  await ping();
  expect(await stage.link.end()).toMatchObject({ last: true });
  expect(await first.end()).toMatchObject({ last: false, up: { seen: 1 } });
});

test("a caller that leaves has all events told so far, and then the end of its stream", async () => {
  const [first, second] = [await caller(), await caller()];
  const enough = new AbortController();
  const events = await second!.events({ enough: enough.signal });
  await first!.begin(wire, wire, join);
  await second!.begin(wire, wire, join);
  await ping(5);
  await until(() => stage.link.show(), ({ down }) => down.counts.delivered === 5);
  expect(await second!.end()).toMatchObject({ last: false, up: { seen: 5 } });
  enough.abort();
  const all: LinkEvent[] = [];
  for await (const event of events) all.push(event);
  expect(all.map(({ ev }) => ev)).toEqual(["begin", ...Array.from({ length: 10 }, () => "packet")]);
});

test("reuseSeeds gives a run the seeds of the last one with the same profiles, and so the same fates", async () => {
  const one = await caller();
  const drawn = { join: true, reuseSeeds: true };
  const fates = async (up: LinkSetting, down: LinkSetting) => {
    const events = await stage.link.events();
    const { up: { profile } } = await one.begin(up, down, drawn);
    await ping(40);
    await one.end();
    let lost = "";
    for await (const event of events) {
      if (event.ev === "packet" && event.dir === "up") lost += event.fate === "lost" ? "x" : ".";
      if (event.ev === "end") break;
    }
    return { seed: /seed (\d+)$/.exec(profile)?.[1], lost };
  };
  const first = await fates(lossy(11), wire);
  expect(first).toMatchObject({ seed: "11", lost: expect.stringMatching(/x/) });
  expect(await fates(lossy(12), wire)).toEqual(first);
  // Another profile has its own; and the last run is the last one.
  expect(await fates(lossy(13), lossy(14))).toMatchObject({ seed: "13" });
  expect(await fates(lossy(15), wire)).toMatchObject({ seed: "15" });
});

test("reuseSeeds at a link's first run takes the seeds given", async () => {
  await using fresh = await Stage.start();
  const { up } = await fresh.link.begin(lossy(21), wire, { reuseSeeds: true });
  expect(up.profile).toMatch(/seed 21$/);
});
