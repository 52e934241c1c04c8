import { expect, test } from "vitest";
import { chiSquare, complementaryError, kolmogorovSmirnov } from "./two_samples.ts";

test.each([[0, 1], [0.5, 0.4795001222], [1, 0.1572992071], [2, 0.004677734981], [
  4,
  1.541725790e-8,
], [6, 2.151973671e-17]])("complementaryError(%s) is the tables' value", (x, expected) => {
  expect(complementaryError(x) / expected).toBeCloseTo(1, 8);
});

test("chiSquare() gives the chances of textbooks", () => {
  // Of 20 and 20: 15 against 5 is a statistic of 10.
  expect(chiSquare({ hits: 15, of: 20 }, { hits: 5, of: 20 })).toBeCloseTo(0.0015654, 7);
  expect(chiSquare({ hits: 43, of: 52 }, { hits: 44, of: 48 })).toBeCloseTo(0.1825, 4);
  expect(chiSquare({ hits: 10, of: 20 }, { hits: 20, of: 40 })).toBe(1);
  expect(chiSquare({ hits: 0, of: 20 }, { hits: 0, of: 40 })).toBe(1);
});

test("kolmogorovSmirnov() measures the largest distance", () => {
  expect(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]).distance).toBe(0.5);
  expect(kolmogorovSmirnov([1, 1, 2], [1, 1, 2])).toEqual({ distance: 0, chance: 1 });
});

test("kolmogorovSmirnov() gives the tables' chances", () => {
  // 1.3581, 1.6276 and 1.9495 are exceeded in 5, 1 and 0.1 % of cases.
  const size = 1_000_000, half = Math.sqrt(size / 2);
  for (const [statistic, chance] of [[1.3581, 0.05], [1.6276, 0.01], [1.9495, 0.001]] as const) {
    const shift = Math.round(statistic / half * size);
    const a = Array.from({ length: size }, (_, index) => index);
    const b = a.map((value) => value + shift);
    expect(kolmogorovSmirnov(a, b).chance / chance).toBeCloseTo(1, 1);
  }
});

test("both give samples of one kind a chance below 1 % about once in a hundred times", () => {
  // Park and Miller's generator.
  let state = 5;
  const next = () => state = state * 48271 % 0x7fffffff;
  const draw = (count: number) => Array.from({ length: count }, next);
  const share = () => ({ hits: draw(400).filter((value) => value < 2 ** 30).length, of: 400 });
  let chi = 0, ks = 0;
  for (let i = 0; i < 2000; i++) {
    if (chiSquare(share(), share()) < 0.01) chi++;
    if (kolmogorovSmirnov(draw(300), draw(300)).chance < 0.01) ks++;
  }
  expect(chi).toBeGreaterThan(8);
  expect(chi).toBeLessThan(36);
  expect(ks).toBeGreaterThan(8);
  expect(ks).toBeLessThan(36);
});
