import { beforeEach, expect, test } from "vitest";
import { parseProfile } from "../../netem/mod.ts";
import { buildUdp4 } from "../../packet/mod.ts";
import { frameOf } from "./made_up_kernel_for_test.ts";
import { hashOf } from "./seen_frame.ts";
import type { FateSink } from "./tally.ts";
import { Watch } from "./watch.ts";

const up = 0, down = 1;
let told: string[], watch: Watch, now: number;

beforeEach(() => {
  told = [];
  now = 1e9;
  const sink = (direction: number): FateSink => ({
    packet: ({ n }) => told.push(`${direction} came ${n}`) > 0,
    copy: ({ n }) => told.push(`${direction} left ${n}`),
    fate: ({ n, left }, _time, cause) => told.push(`${direction} fate ${n}: ${left} ${cause}`),
  });
  watch = new Watch({
    seeds: true,
    mostBytes: 1514,
    sinks: [sink(up), sink(down)],
    onBegin: (at) => told.push(`begin ${at}`),
  });
});

/** A packet by its name. */
function seen(which: number) {
  const payload = new TextEncoder().encode(`packet ${which}`);
  const addresses = { src: "10.77.0.3", dst: "10.77.0.2", srcPort: 1, dstPort: 2 };
  const frame = frameOf(buildUdp4({ ...addresses, payload }), now += 1000);
  return [frame, hashOf(frame)] as const;
}
const came = (chain: number, which: number) => watch.came(up, chain, ...seen(which));
const left = (chain: number, which: number) => watch.left(up, chain, ...seen(which));
const setting = (profile: string) => ({ profile: parseProfile(profile) });

function begin(profile: string, chain = 1): void {
  watch.ready("begin", [chain, chain], [setting(profile), setting("")], now);
  watch.done(now);
}

test("before a run, packets are counted and told nobody", () => {
  came(0, 1);
  left(0, 1);
  expect(told).toEqual([]);
  expect(watch.counted().counts[up]).toMatchObject({ seen: 1, delivered: 1 });
});

test("a run begins with the first packet that is seen on its chain, counted from 1", () => {
  came(0, 1);
  watch.ready("begin", [1, 1], [setting("delay 1ms"), setting("")], now);
  came(0, 2);
  left(0, 1);
  expect(told).toEqual([]);
  came(1, 3);
  const at = now;
  watch.done(now);
  now += 1e6;
  left(1, 3);
  expect(told).toEqual([`begin ${at}`, "0 came 1", "0 left 1", "0 fate 1: 1 0"]);
  expect(watch.counted()).toMatchObject({ queued: [0, 0], unplaced: 0, followed: true });
  expect(watch.counted().counts[up]).toMatchObject({ seen: 1, delivered: 1, lost: 0 });
});

test("a run in which nothing comes has begun all the same, once the switch is made", () => {
  begin("delay 1ms");
  expect(told).toEqual([`begin ${now}`]);
});

test("a begin that fails leaves the run before as it was", () => {
  begin("delay 1ms");
  came(1, 1);
  watch.ready("begin", [0, 0], [setting("loss 100%"), setting("")], now);
  watch.abandon();
  came(1, 2);
  now += 1e6;
  left(1, 1);
  left(1, 2);
  expect(watch.counted().counts[up]).toMatchObject({ seen: 2, delivered: 2 });
  expect(told.at(-1)).toBe("0 fate 2: 1 0");
});

test("a switch that is taken back, for another failed, leaves the run before as it was", () => {
  begin("delay 1ms");
  came(1, 1);
  watch.ready("change", [0, 1], [setting("delay 1ms loss 100% seed 1")], now);
  came(0, 2);
  watch.abandon();
  came(1, 3);
  now += 1e6;
  left(1, 1);
  left(1, 3);
  expect(watch.counted()).toMatchObject({ queued: [0, 0], followed: true });
  expect(watch.counted().counts[up]).toMatchObject({ seen: 3, delivered: 2, lost: 1 });
  watch.ready("begin", [0, 0], [setting("delay 1ms"), setting("")], now);
  came(0, 4);
  watch.abandon();
  came(1, 5);
  now += 1e6;
  left(1, 5);
  expect(watch.counted().counts[up]).toMatchObject({ seen: 4, delivered: 3, lost: 1 });
  expect(told.at(-1)).toBe("0 fate 4: 1 0");
});

test("the end drops what is queued, counts it once, and tells of nothing after it", () => {
  begin("delay 1s");
  came(1, 1);
  watch.ready("flush", [0, 0], [], now);
  came(1, 2);
  came(0, 3);
  watch.done(now);
  expect(told.slice(1)).toEqual(["0 came 1", "0 came 2", "0 fate 1: 0 4", "0 fate 2: 0 4"]);
  const ended = watch.counted();
  expect(ended.counts[up]).toMatchObject({ seen: 2, delivered: 0, lost: 2 });
  expect(ended.queued).toEqual([0, 0]);
  // From then on what comes is counted on.
  expect(watch.counted().counts[up]).toMatchObject({ seen: 3, lost: 2 });
  expect(watch.counted().queued).toEqual([1, 0]);
});

test("where a change takes a fresh netem, the old one runs dry, and numbers go on", () => {
  begin("delay 1ms");
  came(1, 1);
  watch.ready("change", [0, 1], [setting("delay 2ms")], now);
  came(1, 2);
  came(0, 3);
  watch.done(now);
  now += 3e6;
  left(1, 1);
  left(0, 3);
  left(1, 2);
  expect(told.filter((line) => line.includes("left"))).toEqual([
    "0 left 1",
    "0 left 3",
    "0 left 2",
  ]);
  expect(watch.counted()).toMatchObject({ queued: [0, 0], followed: true });
  expect(watch.open).toBe(0);
});

test("a copy that no packet came for is counted, and the seed is believed no more", () => {
  begin("delay 1ms");
  left(1, 7);
  expect(watch.counted()).toMatchObject({ unplaced: 1, followed: false });
  begin("delay 1ms", 0);
  expect(watch.counted()).toMatchObject({ unplaced: 0, followed: true });
});
