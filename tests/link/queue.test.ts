/**
 * What a profile makes of a queue of real packets, and what becomes of that when the profile or the run changes.
 */
import { expect, test, vi } from "vitest";
import { client, quiet, server, stage, toServer, useEcho, wire } from "./echo_stage.ts";
import { until } from "./poll.ts";
import { serverAddress } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
useEcho();

test("set() takes effect in the next packets, reset() takes it back", async () => {
  const answered = async (first: number) => {
    await client.send(toServer, { first });
    await quiet();
    return (await client.received(first, 1)).length;
  };
  await client.send(toServer, { first: 1 });
  await client.received(1);
  await stage.link.set({ up: { profile: "loss 100%", script: "" } });
  for (let n = 2; n <= 6; n++) expect(await answered(n)).toBe(1);
  const reset = await stage.link.reset();
  expect(reset.up).toMatchObject({ profile: "", counts: { seen: 6, lost: 5 } });
  await client.send(toServer, { first: 7 });
  expect((await client.received(2)).map(({ n }) => n)).toEqual([1, 7]);
});

test("set() leaves what is already under way on its way", async () => {
  await stage.link.set({ up: { profile: "delay 200ms", script: "" } });
  await client.send(toServer, { first: 1, count: 3 });
  await until(() => stage.link.show(), ({ up }) => up.queued === 3);
  await stage.link.reset();
  expect((await server.received(3)).map(({ n }) => n)).toEqual([1, 2, 3]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 3, delivered: 3 });
});

test("a full queue drops what comes, and says that it did", async () => {
  await stage.link.begin({ profile: "delay 300ms limit 10", script: "" }, wire);
  const ending = new AbortController();
  const events = await stage.link.events({ signal: ending.signal });
  await client.send(toServer, { first: 1, count: 15 });
  const full = await until(() => stage.link.show(), ({ up }) => up.counts.seen === 15);
  expect(full.up).toMatchObject({ queued: 10, counts: { lost: 5, dropped_full: 5 } });
  expect((await server.received(10)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await stage.link.end();
  const causes: (string | undefined)[] = [];
  for await (const event of events) {
    if (event.ev === "packet" && event.dir === "up") causes[event.n] = event.cause;
    if (event.ev === "end") break;
  }
  expect(causes.slice(11)).toEqual(Array(5).fill("limit"));
  expect(causes.slice(1, 11)).toEqual(Array(10).fill(undefined));
});

test("what is due takes up no room in the queue: a burst passes a limit shorter than itself", async () => {
  await stage.link.begin({ profile: "limit 3", script: "" }, { profile: "limit 3", script: "" });
  await client.send(toServer, { first: 1, size: 65_507 });
  expect(await client.received(1)).toMatchObject([{ n: 1, size: 65_507, intact: true }]);
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 45, dropped_full: 0 });
  expect(down).toMatchObject({ seen: 45, dropped_full: 0 });
});

test("with ecn, a packet whose sender understands marks is marked instead of lost", async () => {
  await stage.link.begin({ profile: "loss 100% ecn", script: "" }, wire);
  const send = (tos: number) =>
    stage.run(
      "client",
      "sh",
      "-c",
      `printf hello | socat -u - UDP4-SENDTO:${serverAddress}:12000,ip-tos=${tos}`,
    );
  const events = await stage.link.events();
  await send(0);
  await send(2);
  expect(await server.received(1)).toMatchObject([{ size: 5 }]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 2, lost: 1, delivered: 1 });
  const told: [number, boolean | undefined, string][] = [];
  for await (const event of events) {
    if (event.ev === "packet" && event.dir === "up") told.push([event.n, event.marked, event.fate]);
    if (event.ev === "end") break;
  }
  expect(told).toEqual([[1, undefined, "lost"], [2, true, "delivered"]]);
});

test("rate 1mbit lets 100 packets of 1,250 bytes pass in about a second", async () => {
  await stage.link.set({ up: { profile: "rate 1mbit", script: "" } });
  // 1,208 bytes of payload, 28 of headers and 14 of Ethernet's: 10 ms each.
  const started = performance.now();
  await client.send(toServer, { first: 1, count: 100, size: 1208 });
  const came = await server.received(100);
  const ms = performance.now() - started;
  expect(came).toHaveLength(100);
  expect(came.every(({ intact }) => intact)).toBe(true);
  expect(ms).toBeGreaterThanOrEqual(990);
  expect(ms).toBeLessThan(2000);
  // Not all at the end: they leave one by one.
  const half = came[49]!.atMs - came[0]!.atMs;
  expect(half).toBeGreaterThan(350);
  expect(half).toBeLessThan(1000);
});

test("seen is delivered, lost and queued together, at every moment and at the end", async () => {
  const profile = "delay 30ms 20ms loss 20% limit 30 seed 5";
  await stage.link.begin({ profile, script: "" }, wire);
  for (let i = 0; i < 20; i++) {
    await client.send(toServer, { first: i * 20, count: 20 });
    const { up } = await stage.link.show();
    expect(up.counts.delivered + up.counts.lost + up.queued).toBe(up.counts.seen);
  }
  await until(() => stage.link.show(), ({ up }) => up.counts.seen === 400);
  const { up } = await stage.link.end();
  expect(up.seen).toBe(400);
  expect(up.delivered + up.lost).toBe(400);
  expect(up.lost).toBeGreaterThan(0);
});

test("what is queued when a run ends or another begins is lost to it, and reaches nobody", async () => {
  await stage.link.set({ up: { profile: "delay 60s", script: "" } });
  await client.send(toServer, { first: 1, count: 5 });
  await until(() => stage.link.show(), ({ up }) => up.queued === 5);
  expect((await stage.link.end()).up).toMatchObject({ seen: 5, delivered: 0, lost: 5 });
  await stage.link.begin(wire, wire);
  await client.send(toServer, { first: 6 });
  expect((await server.received(1)).map(({ n }) => n)).toEqual([6]);
});
