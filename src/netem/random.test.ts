import fc from "fast-check";
import { expect, test } from "vitest";
import { correlate, mulShift32, sideGenerator, Taus113 } from "./random.ts";
import { chanceOf, rhoOf } from "./chance.ts";

// Computed by a program in C with 32- and 64-bit integers.
test.each([
  [0n, [1574944, 268744, 1109394980, 8552980, 826355289, 2421007874], 2932070411],
  [1n, [276959246, 18909696, 2298495022, 9442690, 3222971081, 2202869889], 2973623008],
  [42n, [3053367555, 794645456, 722109529, 489076602, 564259759, 537591597], 198563987],
  [
    0xffff_ffff_ffff_ffffn,
    [260173829, 14711295, 2030026778, 7343233, 3220595128, 2126831743],
    1863623072,
  ],
  [
    0x0123_4567_89ab_cdefn,
    [1976660935, 2350886939, 2896332784, 2170846020, 491273907, 1741709839],
    455871283,
  ],
])("Taus113 from seed %s gives the generator's first and 1,001st numbers", (seed, first, late) => {
  const random = new Taus113(seed);
  expect(Array.from({ length: 6 }, () => random.next())).toEqual(first);
  for (let i = 6; i < 1000; i++) random.next();
  expect(random.next()).toBe(late);
});

test("seed() starts a generator over", () => {
  const random = new Taus113(7n);
  const first = random.next();
  random.next();
  random.seed(7n);
  expect(random.next()).toBe(first);
});

test("sideGenerator() differs by purpose and by neighbouring seeds", () => {
  const firsts = [1, 2, 3].flatMap((purpose) =>
    [0n, 1n, 2n, 2n ** 64n - 1n].map((seed) => sideGenerator(seed, purpose).next())
  );
  expect(new Set(firsts).size).toBe(firsts.length);
});

test("mulShift32() is the product's upper half, rounded down", () => {
  const factor = fc.integer({ min: -0xffffffff, max: 0xffffffff });
  fc.assert(
    fc.property(factor, fc.integer({ min: 0, max: 0x100000000 }), (a, b) => {
      expect(mulShift32(a, b) + 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
    { seed: 1, numRuns: 3000 },
  );
});

test("correlate() is the kernel's sum of 64-bit products", () => {
  const word = fc.integer({ min: 0, max: 0xffffffff });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 2, max: 0x100000000 }), (value, last, rho) => {
      const exact = (BigInt(value) * (2n ** 32n - BigInt(rho)) + BigInt(last) * BigInt(rho)) >> 32n;
      expect(correlate(value, last, rho)).toBe(Number(exact));
    }),
    { seed: 2, numRuns: 3000 },
  );
});

test.each([
  [25, 123456789, [1070247790, 338464187, 676074509, 217007018, 1670474307, 2619414388]],
  [100, 123456789, [123456789, 123456789, 123456789]],
  [99.9, 4294967295, [4292058172, 4287860650, 4284361400, 4280141023, 4278015845, 4276673556]],
])("correlate() at %s %% follows the stream computed in C", (percent, start, expected) => {
  const random = new Taus113(5n);
  let last = start;
  expect(expected.map(() => last = correlate(random.next(), last, rhoOf(percent)))).toEqual(
    expected,
  );
});

// What tc 6.15 hands to the kernel for these percentages.
test.each([
  [0, 0],
  [1e-8, 0],
  [0.1, 4294967],
  [1, 42949673],
  [3.3333, 143164145],
  [5, 214748365],
  [10, 429496730],
  [12.5, 536870912],
  [50, 2147483648],
  [99.9999999999, 4294967295],
  [100, 4294967295],
])("chanceOf(%s) is tc's number", (percent, expected) => {
  expect(chanceOf(percent)).toBe(expected);
});
