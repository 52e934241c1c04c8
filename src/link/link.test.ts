/**
 * A link's runs, and those who watch them, over its control socket.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LinkEvent, PcapReader } from "../packet/mod.ts";
import { connectLink, type LinkClient, LinkError } from "./client.ts";
import { type BookDriver, packet, ServedLink } from "./served_link_for_test.ts";

const wire = { profile: "", script: "" };
let served: ServedLink, driver: BookDriver, client: LinkClient, path: string;
let ending: AbortController;

beforeEach(async () => {
  served = await ServedLink.start();
  ({ driver, client, path } = served);
  ending = new AbortController();
});
afterEach(() => {
  ending.abort();
  served[Symbol.dispose]();
});

/** Gathers events until one is `end`. */
async function untilEnd(events: AsyncIterable<LinkEvent>): Promise<LinkEvent[]> {
  const all: LinkEvent[] = [];
  for await (const event of events) {
    all.push(event);
    if (event.ev === "end") break;
  }
  return all;
}

test("show() tells where the link is, and that no run has begun", async () => {
  expect(await client.show()).toMatchObject({
    driver: "tun",
    epoch: 0,
    running: false,
    server: "10.77.0.2",
    device: "eth0",
    mtu: 1500,
    congestion: "reno",
    up: { profile: "", script: "", queued: 0 },
    down: { profile: "", script: "", queued: 0 },
  });
});

test("a run's events come in order: begin, each packet, set, end", async () => {
  const events = await client.events({ signal: ending.signal });
  const all = untilEnd(events);
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  driver.pass();
  await client.set({ down: { profile: "loss 5%", script: "" } });
  driver.pass();
  const end = await client.end();
  const [begin, first, set, second, last, ...more] = await all;
  expect(begin).toMatchObject({
    ev: "begin",
    epoch: 1,
    driver: "tun",
    server: "10.77.0.2",
    mtu: 1500,
    congestion: "reno",
    down: wire,
  });
  expect(begin).toMatchObject({ up: { profile: expect.stringMatching(/^delay 10ms/) } });
  expect(first).toMatchObject({ ev: "packet", n: 1, dir: "up" });
  expect(set).toMatchObject({ ev: "set", down: { profile: expect.stringMatching(/^loss .*5%/) } });
  expect(set).toMatchObject({ up: { profile: expect.stringMatching(/^delay 10ms/) } });
  expect(second).toMatchObject({ ev: "packet", n: 2 });
  expect(last).toMatchObject({ ev: "end", up: { seen: 2 }, missed: 0 });
  expect(end).toMatchObject({ up: { seen: 2 }, missed: 0 });
  expect(more).toEqual([]);
});

test("a wrong profile or script is refused, changes nothing, and the connection goes on", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  const before = await client.show();
  const wrong: [string, string][] = [["loss 10% dlay 5ms", ""], ["", "loose 3"]];
  for (const [profile, script] of wrong) {
    const setting = { profile, script };
    await expect(client.set({ up: setting })).rejects.toThrow(LinkError);
    await expect(client.set({ up: wire, down: setting })).rejects.toThrow(LinkError);
    await expect(client.begin(wire, setting)).rejects.toThrow(LinkError);
  }
  const after = await client.show();
  expect(after).toEqual({ ...before, t_us: after.t_us });
  expect(driver.commands.filter((one) => one !== "counts")).toHaveLength(1);
});

test("a driver that refuses leaves the settings as they were", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  driver.refuses = new RangeError("Shorten the script");
  await expect(client.set({ up: wire })).rejects.toThrow(/^Shorten the script$/);
  driver.refuses = null;
  expect((await client.show()).up.profile).toMatch(/^delay 10ms/);
});

test("set() changes the directions given, reset() both", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, { profile: "delay 20ms", script: "" });
  const set = await client.set({ up: { profile: "delay 30ms", script: "lose 1" } });
  expect(set.up).toMatchObject({ profile: expect.stringMatching(/^delay 30ms/), script: "lose 1" });
  expect(set.down.profile).toMatch(/^delay 20ms/);
  const reset = await client.reset();
  expect(reset.up).toMatchObject(wire);
  expect(reset.down).toMatchObject(wire);
});

test("what passes before begin and after end is no run's", async () => {
  const events = await client.events({ signal: ending.signal });
  const all = (async () => {
    const kinds: string[] = [];
    for await (const event of events) {
      kinds.push(event.ev);
      if (kinds.filter((kind) => kind === "end").length === 2) return kinds;
    }
  })();
  driver.pass();
  await client.begin(wire, wire);
  await client.end();
  driver.pass();
  await client.end();
  await client.begin(wire, wire);
  await client.end();
  expect(await all).toEqual(["begin", "end", "begin", "end"]);
});

test("begin() during a run ends that first; callers at once get whole runs, one after the other", async () => {
  const events = await client.events({ signal: ending.signal });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event.ev === "begin" ? `begin ${event.epoch}` : event.ev);
      if (event.ev === "end" && seen.length === 6) return;
    }
  })();
  using other = await connectLink(path);
  const states = await Promise.all([
    client.begin(wire, wire),
    other.begin(wire, wire),
    client.begin(wire, wire),
  ]);
  expect(states.map((state) => state.epoch).sort()).toEqual([1, 2, 3]);
  await client.end();
  await reading;
  expect(seen).toEqual(["begin 1", "end", "begin 2", "end", "begin 3", "end"]);
});

test("the driver keeps nothing while nobody reads, and stops keeping when the last reader leaves", async () => {
  expect(driver.keep).toBe(0);
  const first = new AbortController();
  const events = await client.events({ signal: first.signal });
  expect(driver.keep).toBeGreaterThan(0);
  const stream = await client.capture("client", { signal: ending.signal });
  expect(driver.keep).toBe(65535);
  await stream.cancel();
  await expect.poll(() => driver.keep).toBeLessThan(65535);
  first.abort();
  expect(await events.next()).toMatchObject({ done: true });
  await expect.poll(() => driver.keep).toBe(0);
});

test("capture() is a pcap file from its first byte, with each packet on its side", async () => {
  const stream = await client.capture("server", { signal: ending.signal });
  const reader = new PcapReader();
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of stream) {
      got.push(...reader.push(chunk).map((one) => one.bytes));
      if (got.length === 3) return;
    }
  })();
  await client.begin(wire, wire);
  for (let i = 0; i < 3; i++) driver.pass();
  await client.end();
  await reading;
  expect(reader.linkType).toBe(101);
  expect(got).toEqual([packet, packet, packet]);
});

test("every watcher gets every event; one that leaves does not disturb the others", async () => {
  const leaving = new AbortController();
  const gone = await client.events({ signal: leaving.signal });
  const stays = await Promise.all([client.events(), client.events()]);
  const all = Promise.all(stays.map(untilEnd));
  await client.begin(wire, wire);
  driver.pass();
  leaving.abort();
  driver.pass();
  await client.end();
  const [a, b] = await all;
  expect(a!.map((event) => event.ev)).toEqual(["begin", "packet", "packet", "end"]);
  expect(b).toEqual(a);
  await gone.return?.();
});
