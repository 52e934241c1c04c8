/** What holds for any profile at all. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatProfile } from "./format.ts";
import { Netem } from "./netem.ts";
import { parseProfile } from "./parse.ts";
import type { DistributionName, LossOption, Profile, SlotOption } from "./profile.ts";
import { parseScriptLine } from "./script_text.ts";

const percent = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
);
/** A chance that 32 bits can tell from none. */
const positive = percent.map((value) => value < 1e-7 ? 1 : value);
const chance = fc.record({ percent: positive, correlation: percent });
const timeNs = fc.oneof(
  fc.integer({ min: 1, max: 2000 }).map((ms) => ms * 1_000_000),
  fc.integer({ min: 1, max: 0x7fffffff }),
);
const distribution = fc.constantFrom<DistributionName>("normal", "pareto", "paretonormal");

function firstOf<Key extends string>(keys: readonly Key[]): fc.Arbitrary<{ [K in Key]?: number }> {
  return fc.array(percent, { maxLength: keys.length }).map((values) =>
    Object.fromEntries(
      values.map((value, index) => [keys[index], value]),
    ) as { [K in Key]?: number }
  );
}

const loss: fc.Arbitrary<LossOption> = fc.oneof(
  chance.map((random) => ({ kind: "random" as const, ...random })),
  fc.tuple(percent, firstOf(["p31", "p32", "p23", "p14"]))
    .map(([p13, rest]) => ({ kind: "state" as const, p13, ...rest })),
  fc.tuple(percent, firstOf(["r", "lossInBad", "lossInGood"]))
    .map(([p, rest]) => ({ kind: "gemodel" as const, p, ...rest })),
);

const bounds = fc.record({
  packets: fc.constantFrom(0, 1, 5, 0x7fffffff),
  bytes: fc.constantFrom(0, 1, 3000, 0x7fffffff),
});
const slot: fc.Arbitrary<SlotOption> = fc.oneof(
  fc.tuple(timeNs, timeNs, bounds).map(([a, b, limits]) => ({
    kind: "range" as const,
    minNs: Math.min(a, b),
    maxNs: Math.max(a, b),
    ...limits,
  })),
  fc.tuple(distribution, timeNs, timeNs, bounds).map(([name, delayNs, jitterNs, limits]) => ({
    kind: "distribution" as const,
    distribution: name,
    delayNs,
    jitterNs,
    ...limits,
  })),
);

const delay = fc.record({ ns: timeNs, jitterNs: fc.oneof(fc.constant(0), timeNs) }).chain((times) =>
  times.jitterNs === 0 ? fc.constant({ ...times, correlation: 0 }) : fc.record({
    ns: fc.constant(times.ns),
    jitterNs: fc.constant(times.jitterNs),
    correlation: percent,
    distribution: fc.option(distribution, { nil: undefined }),
  }).map(({ distribution, ...rest }) =>
    distribution === undefined ? rest : { ...rest, distribution }
  )
);

const signed = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const whole = fc.record({
  limit: fc.oneof(fc.constant(1000), fc.integer({ min: 0, max: 0xffffffff }), fc.nat(20)),
  delay: fc.option(delay, { nil: undefined }),
  loss: fc.option(loss, { nil: undefined }),
  ecn: fc.boolean(),
  corrupt: fc.option(chance, { nil: undefined }),
  duplicate: fc.option(chance, { nil: undefined }),
  reorder: fc.option(
    fc.tuple(chance, fc.integer({ min: 1, max: 6 })).map(([of, gap]) => ({ ...of, gap })),
    { nil: undefined },
  ),
  rate: fc.option(
    fc.record({
      bytesPerSecond: fc.integer({ min: 1, max: 2 ** 40 }),
      overhead: fc.oneof(fc.constant(0), signed),
      cellSize: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffffffff })),
      cellOverhead: fc.oneof(fc.constant(0), signed),
    }),
    { nil: undefined },
  ),
  slot: fc.option(slot, { nil: undefined }),
  seed: fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined }),
});

/** Any profile that the parser can give. */
const anyProfile: fc.Arbitrary<Profile> = whole.map((parts) => {
  const profile = Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  ) as unknown as Profile;
  if (profile.loss === undefined) profile.ecn = false;
  if (profile.delay === undefined) delete profile.reorder;
  return profile;
});

test("parseProfile(formatProfile(p)) is p", () => {
  fc.assert(
    fc.property(anyProfile, (profile) => {
      expect(parseProfile(formatProfile(profile))).toEqual(profile);
    }),
    { seed: 3, numRuns: 2000 },
  );
});

test("seen + duplicated = delivered + lost + queued + discarded, at every step", () => {
  const step = fc.oneof(
    { weight: 10, arbitrary: fc.constant("enqueue" as const) },
    { weight: 8, arbitrary: fc.constant("dequeue" as const) },
    { weight: 1, arbitrary: fc.constant("drain" as const) },
    { weight: 1, arbitrary: anyProfile },
  );
  const script = fc.constantFrom("", "lose 2-4; duplicate 6-20; hold 5 until 8; hold 7 until 40");
  fc.assert(
    fc.property(anyProfile, script, fc.array(step, { maxLength: 120 }), (profile, text, steps) => {
      const options = { script: parseScriptLine(text) };
      const model = new Netem(profile, options);
      const inside = new Map<number, number>();
      const leave = (token: number) => {
        const left = (inside.get(token) ?? 0) - 1;
        expect(left).toBeGreaterThanOrEqual(0);
        inside.set(token, left);
      };
      let now = 0;
      for (const act of steps) {
        now += 250_000;
        if (act === "enqueue") {
          const token = model.counts.seen;
          inside.set(token, model.enqueue(token, 98, now, true));
          expect(model.n).toBe(token + 1);
        } else if (act === "dequeue") {
          const at = model.nextAt();
          if (at < Infinity) now = Math.max(now, at);
          const token = model.dequeue(now);
          if (token >= 0) leave(token);
          else expect(model.nextAt()).toBeGreaterThan(now);
        } else if (act === "drain") {
          model.drain(leave);
          expect(model.queued).toBe(0);
        } else {
          model.change(act, options);
        }
        const { seen, duplicated, delivered, lost } = model.counts;
        expect(seen + duplicated).toBe(delivered + lost + model.queued + model.discarded);
        expect([...inside.values()].reduce((sum, copies) => sum + copies, 0)).toBe(model.queued);
      }
    }),
    { seed: 7, numRuns: 1500 },
  );
});
