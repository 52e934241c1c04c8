import { expect, test } from "vitest";
import * as fc from "fast-check";
import { Netem, NetemCause, parseProfile, type Profile } from "../../netem/mod.ts";
import { buildTcp4, buildUdp4, buildUdp6 } from "../../packet/mod.ts";
import { RecordCause, RecordFlag } from "../ring.ts";
import { isForetold } from "./bounds.ts";
import { Follower } from "./follower.ts";
import { MadeUpKernel, type Truth } from "./made_up_kernel_for_test.ts";
import { PacketPool } from "./pending.ts";
import { Tally } from "./tally.ts";

/** The packets of a made-up world: `which` names its bytes, so that equal numbers are alike. */
function packetOf(which: number): Uint8Array {
  const payload = new TextEncoder().encode(`packet ${which}${"x".repeat(which % 7)}`);
  const from = { srcPort: 40000, dstPort: 12000, payload, ecn: (which % 4) as 0 | 1 | 2 | 3 };
  const four = { ...from, src: "10.77.0.3", dst: "10.77.0.2", id: which };
  if (which % 3 === 0) return buildUdp6({ ...from, src: "fd00:77::3", dst: "fd00:77::2" });
  return which % 3 === 1 ? buildUdp4(four) : buildTcp4({ ...four, seq: which });
}

interface Told extends Truth {
  settled: number;
}

/** A follower of what a made-up kernel does. */
function follow(profile: Profile, believed: Profile | null, random: () => number) {
  const told: Told[] = [];
  const tally = new Tally();
  const follower = new Follower({
    profile,
    model: believed && isForetold(believed, true) ? new Netem(believed) : null,
    pool: new PacketPool(1514),
    tally,
    mostBytes: 1514,
    sink: {
      packet(packet) {
        expect(packet.n).toBe(told.length + 1);
        told.push({ lost: false, copies: 0, damaged: 0, cause: 0, reordered: false, settled: 0 });
        return true;
      },
      copy(packet, time, bit) {
        const one = told[packet.n - 1]!;
        expect(one.settled).toBe(0);
        expect(time).toBeGreaterThanOrEqual(packet.time);
        one.copies++;
        if (bit !== -1) one.damaged++;
      },
      fate(packet, _time, cause) {
        const one = told[packet.n - 1]!;
        one.settled++;
        one.lost = packet.left === 0;
        one.cause = cause;
        one.reordered = (packet.flags & RecordFlag.reordered) !== 0;
      },
    },
  });
  const kernel = new MadeUpKernel(profile, {
    came: (frame, hash) => follower.came(frame, hash),
    left(frame, hash) {
      if (follower.leftWhole(frame, hash) || follower.leftDamaged(frame)) return;
      tally.unplaced++;
      follower.distrust();
    },
    tick: (now) => follower.tick(now),
  }, random);
  return { kernel, follower, tally, told };
}

/** Sends packets with pauses of so many microseconds before each. */
function sendAll(kernel: MadeUpKernel, sends: readonly (readonly [which: number, us: number])[]) {
  for (const [which, us] of sends) {
    kernel.pass(us * 1000);
    kernel.send(packetOf(which));
  }
}

const withoutSettled = (told: Told[]): Truth[] => told.map(({ settled: _, ...truth }) => truth);
const percent = fc.constantFrom(0, 5, 30, 70);

/** Profiles without correlation and slots, as text. */
const foretold = fc.record({
  limit: fc.constantFrom("", "limit 5", "limit 40"),
  delay: fc.constantFrom(
    "",
    "delay 10ms",
    "delay 10ms 9ms",
    "delay 5ms 3ms distribution normal",
    "delay 20ms 1ms distribution pareto",
  ),
  loss: fc.oneof(
    percent.map((p) => `loss ${p}%`),
    fc.constantFrom("loss gemodel 10% 30% 80% 2%", "loss state 10% 50%", "loss 20% ecn"),
  ),
  duplicate: percent.map((p) => `duplicate ${p}%`),
  corrupt: percent.map((p) => `corrupt ${p}%`),
  reorder: fc.constantFrom("", "reorder 25%", "reorder 40% gap 3"),
  rate: fc.constantFrom("", "rate 8mbit", "rate 500kbit"),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
}).map(({ limit, delay, loss, duplicate, corrupt, reorder, rate, seed }) => {
  const order = delay === "" ? "" : reorder;
  return [delay, loss, duplicate, corrupt, order, rate, limit, `seed ${seed}`]
    .filter((word) => word !== "").join(" ");
});
const sends = fc.array(
  fc.tuple(fc.nat(12), fc.oneof(fc.constant(0), fc.nat(3000))),
  { minLength: 1, maxLength: 150 },
);
const different = sends.map((all) => all.map(([, us], which) => [which, us] as const));

/** Numbers that a seed gives. */
function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

test("with the seed, each packet is told what the kernel did with it, alike or not", () => {
  fc.assert(
    fc.property(foretold, sends, fc.integer(), (text, all, noise) => {
      const profile = parseProfile(text);
      const { kernel, told, tally, follower } = follow(profile, profile, seeded(noise));
      sendAll(kernel, all);
      kernel.pass(200e9);
      expect(tally.followed).toBe(true);
      expect(follower.open).toBe(0);
      expect(told.map(({ settled }) => settled)).toEqual(all.map(() => 1));
      expect(withoutSettled(told)).toEqual(kernel.truth);
      const { truth } = kernel;
      expect(tally).toMatchObject({
        seen: all.length,
        delivered: truth.reduce((sum, { copies }) => sum + copies, 0),
        lost: truth.filter(({ lost }) => lost).length,
        duplicated: truth.filter(({ copies }) => copies === 2).length,
        corrupted: truth.reduce((sum, { damaged }) => sum + damaged, 0),
        reordered: truth.filter(({ reordered }) => reordered).length,
        dropped_full: truth.filter(({ cause }) => cause === NetemCause.limit).length,
        queued: 0,
        unplaced: 0,
      });
    }),
    { seed: 11, numRuns: 1500 },
  );
});

test("without it, each packet is told what was seen of it", () => {
  fc.assert(
    fc.property(foretold, different, fc.integer(), (text, all, noise) => {
      const profile = parseProfile(text);
      const { kernel, told, tally, follower } = follow(profile, null, seeded(noise));
      sendAll(kernel, all);
      kernel.pass(200e9);
      expect(tally).toMatchObject({ followed: false, unplaced: 0, queued: 0 });
      expect(follower.open).toBe(0);
      expect(told.map(({ settled }) => settled)).toEqual(all.map(() => 1));
      const seen = ({ lost, copies, damaged }: Truth) => ({ lost, copies, damaged });
      expect(told.map(seen)).toEqual(kernel.truth.map(seen));
      expect(tally.lost).toBe(kernel.truth.filter(({ lost }) => lost).length);
      expect(tally.duplicated).toBe(kernel.truth.filter(({ copies }) => copies === 2).length);
    }),
    { seed: 12, numRuns: 1000 },
  );
});

test("a model that is wrong is found out, and no copy is told twice or of two packets", () => {
  let foundOut = 0, all = 0;
  fc.assert(
    fc.property(foretold, different, fc.integer(), (text, sent, noise) => {
      const profile = parseProfile(text);
      const wrong = { ...profile, seed: profile.seed! ^ 0x5555n };
      const { kernel, told, tally } = follow(profile, wrong, seeded(noise));
      sendAll(kernel, sent);
      kernel.pass(200e9);
      expect(told.map(({ settled }) => settled)).toEqual(sent.map(() => 1));
      const copies = kernel.truth.reduce((sum, one) => sum + one.copies, 0);
      expect(told.reduce((sum, one) => sum + one.copies, 0) + tally.unplaced).toBe(copies);
      expect(tally.delivered).toBe(copies - tally.unplaced);
      expect(tally.lost).toBe(told.filter(({ lost }) => lost).length);
      expect(tally.queued).toBe(0);
      // Whatever was not foretold to the last copy is found out.
      const same = told.every((one, i) =>
        one.copies === kernel.truth[i]!.copies && one.damaged === kernel.truth[i]!.damaged
      );
      if (!same) expect(tally.followed).toBe(false);
      all++;
      if (!tally.followed) foundOut++;
    }),
    { seed: 13, numRuns: 1000 },
  );
  expect(foundOut / all).toBeGreaterThan(0.8);
});

test("what is dropped at the end is told so, and counted as lost", () => {
  const profile = parseProfile("delay 10s loss 30% seed 4");
  for (const believed of [profile, null]) {
    const { kernel, told, tally, follower } = follow(profile, believed, seeded(1));
    sendAll(kernel, Array.from({ length: 20 }, (_, which) => [which, 100] as const));
    follower.drop(2e9, RecordCause.end);
    const lost = believed === null ? 0 : kernel.truth.filter(({ lost }) => lost).length;
    expect(told.filter(({ cause }) => cause === NetemCause.loss)).toHaveLength(lost);
    expect(told.filter(({ cause }) => cause === RecordCause.end)).toHaveLength(20 - lost);
    expect(tally).toMatchObject({ seen: 20, lost: 20, delivered: 0, queued: 0 });
  }
});

test("a lost packet is told soon: once one behind it has left, or could have", () => {
  const profile = parseProfile("delay 50ms loss 30% seed 4");
  for (const believed of [profile, null]) {
    const { kernel, told } = follow(profile, believed, seeded(1));
    sendAll(kernel, Array.from({ length: 20 }, (_, which) => [which, 1000] as const));
    const last = kernel.truth.findLastIndex(({ lost }) => !lost);
    kernel.pass(60e6);
    expect(told.slice(0, last + 1).every(({ settled }) => settled === 1)).toBe(true);
    kernel.pass(believed === null ? 1.1e9 : 0.15e9);
    expect(told.every(({ settled }) => settled === 1)).toBe(true);
  }
});

test("what is open stays bounded, whatever the kernel does", () => {
  const profile = parseProfile("delay 100s limit 10");
  const { kernel, told, tally, follower } = follow(profile, null, seeded(1));
  const bound = 2 * 10 + 8192;
  for (let n = 0; n < bound + 50; n++) kernel.send(packetOf(n));
  expect(follower.open).toBe(bound);
  expect(tally.unplaced).toBe(50);
  expect(told.filter(({ settled }) => settled === 1)).toHaveLength(50);
});
