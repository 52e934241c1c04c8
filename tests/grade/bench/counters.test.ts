import { expect, test } from "vitest";
import { Counters } from "./counters.ts";

test("Counters sum what was there before, what came later, and what has gone", () => {
  const counters = new Counters();
  expect(counters.grown).toBe(0);
  counters.take(new Map([["engine", 100], ["old", 7]]));
  expect(counters.grown).toBe(0);
  counters.take(new Map([["engine", 103], ["old", 8], ["container", 2]]));
  counters.take(new Map([["engine", 104]]));
  expect(counters.grown).toBe(4 + 1 + 2);
});
