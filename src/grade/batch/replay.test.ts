import { expect, test } from "vitest";
import { journalOf, resultOf } from "./batch_for_test.ts";
import { differencesOf } from "./replay.ts";

const journal = journalOf("anna");
const before = resultOf(journal, journal.submissions[0]!);

test("differencesOf() finds none where verdicts are the same, whatever else is not", () => {
  const checks = before.checks.map((check) => ({ ...check, seconds: 9, message: "another" }));
  expect(differencesOf(before, { ...before, seconds: 9, checks })).toEqual([]);
});

test("differencesOf() names each check with another verdict", () => {
  const [echo, stops] = before.checks;
  const now = { ...before, checks: [echo!, { ...stops!, verdict: "fail" as const }] };
  expect(differencesOf(before, now)).toEqual([{ id: "stops", before: "pass", now: "fail" }]);
});
