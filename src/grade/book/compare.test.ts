import { expect, test } from "vitest";
import { compareLast } from "./compare.ts";
import { runsOf } from "./run_for_test.ts";

test("compareLast() finds nothing where the last two runs came to the same", () => {
  const port = { port: "fail" } as const;
  const runs = runsOf({ verdicts: { port: "pass" } }, { verdicts: port }, {
    verdicts: port,
    seed: "8",
    hash: "c".repeat(64),
  });
  expect(compareLast(runs)).toEqual({ compared: 1, once: 0, differences: [] });
});

test("compareLast() names the checks that came to another verdict, and both runs", () => {
  const runs = runsOf(
    { verdicts: { bytes: "pass", port: "fail", late: "fail", old: "pass" } },
    { verdicts: { bytes: "pass", port: "pass", late: "inconclusive", new: "fail" } },
  );
  const [before, after] = runs;
  expect(compareLast(runs)).toEqual({
    compared: 1,
    once: 0,
    differences: [{
      ...{ lab: "lab3", submission: "alice", before, after },
      checks: [
        { id: "port", before: "fail", after: "pass" },
        { id: "late", before: "fail", after: "inconclusive" },
        { id: "new", before: null, after: "fail" },
        { id: "old", before: "pass", after: null },
      ],
    }],
  });
});

test("compareLast() finds another number of points for the same verdicts", () => {
  const [before, after] = runsOf({}, {});
  const changed = { ...after!, score: 20, max_score: 40 };
  expect(compareLast([before!, changed]).differences).toMatchObject([{ checks: [] }]);
});

test("compareLast() tells a submission that was rejected once by that alone", () => {
  const { differences } = compareLast(runsOf({ rejected: "Hand in less" }, {}));
  expect(differences).toMatchObject([
    { before: { outcome: "rejected" }, after: { outcome: "graded" }, checks: [] },
  ]);
  const twice = { rejected: "Hand in less" };
  expect(compareLast(runsOf(twice, twice)).differences).toEqual([]);
});

test("compareLast() keeps labs and submissions apart, and leaves out runs of some checks only", () => {
  const verdicts = { port: "pass" } as const;
  const runs = runsOf(
    {},
    { lab: "lab5", verdicts },
    { name: "bob", verdicts },
    { verdicts, whole: false },
    { name: "bob" },
  );
  expect(compareLast(runs)).toMatchObject({
    compared: 1,
    once: 2,
    differences: [{ submission: "bob", before: { id: 3 }, after: { id: 5 } }],
  });
});
