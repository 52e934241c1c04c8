/** Profiles and scripts at random, for the property tests of this room. */
import fc from "fast-check";
import type { DistributionName, LossOption, Profile, SlotOption } from "./profile.ts";

const percent = fc.oneof(
  fc.integer({ min: 0, max: 100 }),
  fc.double({ min: 0, max: 100, noNaN: true }).map((value) => value + 0),
);
const positive = percent.map((value) => value === 0 ? 1 : value);
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
export const anyProfile: fc.Arbitrary<Profile> = whole.map((parts) => {
  const profile = Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  ) as unknown as Profile;
  if (profile.loss === undefined) profile.ecn = false;
  if (profile.delay === undefined) delete profile.reorder;
  return profile;
});
