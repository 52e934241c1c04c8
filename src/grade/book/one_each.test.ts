import { expect, test } from "vitest";
import { pickRuns } from "./one_each.ts";
import type { Run } from "./run.ts";
import { type Changes, runsOf } from "./run_for_test.ts";

const points = (count: number): Changes => ({
  verdicts: Object.fromEntries(
    ["a", "b", "c"].map((id, at) => [id, at < count ? "pass" : "fail"]),
  ),
});
const ids = (runs: readonly Run[]) => runs.map(({ id }) => id);

test("pickRuns() of all are the newest first, as many as are wanted", () => {
  const runs = runsOf({}, {}, {});
  expect(ids(pickRuns(runs, "all", Infinity))).toEqual([3, 2, 1]);
  expect(ids(pickRuns(runs, "all", 2))).toEqual([3, 2]);
});

test("pickRuns() of the latest are one a submission and lab, by lab and name, numbers as numbers", () => {
  const runs = runsOf(
    { name: "team10" },
    { name: "team9" },
    { name: "team9", lab: "lab10" },
    { name: "team10" },
  );
  const picked = pickRuns(runs, "latest", Infinity);
  expect(picked.map(({ lab, submission, id }) => [lab, submission, id])).toEqual([
    ["lab3", "team9", 2],
    ["lab3", "team10", 4],
    ["lab10", "team9", 3],
  ]);
  expect(ids(pickRuns(runs, "latest", 2))).toEqual([4, 3]);
});

test("pickRuns() of the best have the most points; of several with as many, it is the last", () => {
  expect(ids(pickRuns(runsOf(points(1), points(3), points(2)), "best", 9))).toEqual([2]);
  expect(ids(pickRuns(runsOf(points(2), points(2), points(1)), "best", 9))).toEqual([2]);
});

test("pickRuns() takes a rejected run for the best where there is no other", () => {
  const rejected = { rejected: "Hand in less" };
  expect(ids(pickRuns(runsOf(points(0), rejected), "best", 9))).toEqual([1]);
  expect(ids(pickRuns(runsOf(points(0), rejected), "latest", 9))).toEqual([2]);
  expect(ids(pickRuns(runsOf(rejected, rejected), "best", 9))).toEqual([2]);
});

test("pickRuns() takes no run of some checks only for a grade", () => {
  const part = { ...points(3), whole: false };
  const runs = runsOf(points(1), part, { ...part, name: "bob" });
  expect(ids(pickRuns(runs, "latest", 9))).toEqual([1]);
  expect(ids(pickRuns(runs, "best", 9))).toEqual([1]);
  expect(ids(pickRuns(runs, "all", 9))).toEqual([3, 2, 1]);
});
