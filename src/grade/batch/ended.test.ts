import { expect, test } from "vitest";
import type { Verdict } from "../check.ts";
import type { Graded } from "../report/mod.ts";
import { journalOf, resultOf } from "./batch_for_test.ts";
import { batchStatus } from "./ended.ts";

const journal = journalOf("anna");

/** A submission whose second check came to this verdict. */
function graded(verdict: Verdict): Graded {
  const result = resultOf(journal, journal.submissions[0]!);
  const [echo, stops] = result.checks;
  const checks = [echo!, { ...stops!, verdict }];
  return { name: "anna", result: { ...result, checks }, rejected: null };
}
const rejected: Graded = { name: "bob", result: null, rejected: "Hand in a folder" };
const unfinished: Graded = { name: "carl", result: null, rejected: null };

test.each<[string, Graded[], number]>([
  ["no submission", [], 0],
  ["all points", [graded("pass")], 0],
  ["points lost", [graded("pass"), graded("fail")], 1],
  ["one rejected", [graded("fail"), rejected], 2],
  ["an inconclusive check", [graded("inconclusive"), rejected], 3],
  ["an error", [graded("error")], 3],
  ["one unfinished", [unfinished, rejected, graded("fail")], 3],
])("batchStatus() of %s", (_, all, status) => {
  expect(batchStatus(all)).toBe(status);
});
