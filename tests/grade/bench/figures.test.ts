import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../src/grade/mod.ts";
import {
  checksTime,
  figuresOf,
  growthOf,
  lanesIn,
  type MeasuredBatch,
  parseTimes,
  startsIn,
} from "./figures.ts";

const check = (seconds: number, ...steps: string[]) =>
  ({ seconds, steps: steps.map((what) => ({ what, passed: true })) }) as CheckResult;
const result = {
  seconds: 3.1,
  checks: [
    check(1.5, "the server starts and listens", "started with --port 12001, the server listens"),
    check(0.5, "the client starts", "the client prints what came"),
    check(1, "the server starts"),
  ],
};
const batch: MeasuredBatch = {
  ...{ jobs: 2, results: [result, result, result, result], seconds: 8 },
  ...{ ownTime: 6, engineTime: 2, machineTime: 12, memory: [90, 100, 100, 100, 110, 120] },
};

describe("figuresOf()", () => {
  test("tells a batch by the least that each submission takes", () => {
    expect(figuresOf(batch, { waits: 3, lanes: 1, starts: 0.5 })).toEqual({
      ...{ perMinute: 30, own: 1.5, engine: 0.5, machine: 3, ratio: 4, onTwo: 60 },
      ...{ outside: 0.25, most: 120, growth: 20 },
    });
  });

  test("knows that several checks of a submission run at a time", () => {
    expect(figuresOf(batch, { waits: 6, lanes: 2, starts: 0.5 }).outside).toBe(0.25);
  });

  test("does not make up what an engine took that does not tell", () => {
    expect(figuresOf({ ...batch, engineTime: null }, { waits: 3, lanes: 1, starts: 0.5 }))
      .toMatchObject({
        ...{ own: 1.5, engine: null, ratio: null, onTwo: null },
      });
  });
});

test("growthOf() compares the first third with the last", () => {
  expect(growthOf([1, 2, 99, 98, 5, 6])).toBe(4);
  expect(growthOf([1, 2])).toBe(0);
});

test("checksTime() and startsIn() add up a result's checks", () => {
  expect(checksTime(result)).toBe(3);
  expect(startsIn(result)).toBe(4);
});

test("lanesIn() tells how many checks ran at a time, though some time passes between them", () => {
  expect(lanesIn(result)).toBe(1);
  expect(lanesIn({ ...result, seconds: 1.7 })).toBe(2);
});

test("parseTimes() reads what the children took, in dash and in bash", () => {
  expect(parseTimes("0m0.000000s 0m0.000000s\n1m5.500000s 0m4.250000s\n")).toBe(69.75);
  expect(parseTimes("0m0.002s 0m0.001s\n0m1.5s 0m0.5s\n")).toBe(2);
  expect(() => parseTimes("")).toThrow("No times");
});
