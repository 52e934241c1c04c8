import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine } from "../printable.ts";
import { githubLog } from "./github_log.ts";
import { obeyed } from "./github_reader_for_test.ts";
import type { Graded } from "./graded.ts";
import {
  batchSaying,
  checkOf,
  gradedOf,
  HOSTILE_BATCH,
  MIXED,
  PIECES,
  UNDECIDED,
} from "./results_for_test.ts";

const log = (one: Graded) => githubLog(one, { token: () => "f00ba4" });

test("githubLog() prints the feedback, then annotations", () => {
  const text = log(MIXED.submissions[1]!);
  expect(text).toContain("\n  ✗ Other bytes came\n");
  expect(text.indexOf("✗ Other")).toBeLessThan(text.indexOf("\n::f00ba4::\n"));
  expect(obeyed(text)).toEqual([
    { name: "notice", properties: { title: "lab3" }, data: "5 of 20 points, seed 7" },
    {
      name: "error",
      properties: { title: "Not started" },
      data: "Add client.ts to your folder: there is no such file, so nothing was started " +
        "(2 checks, 10 points)",
    },
    { name: "error", properties: { title: "two" }, data: "Other bytes came" },
  ]);
});

test("githubLog() warns of checks without a verdict, and of what was not graded", () => {
  expect(obeyed(log(UNDECIDED))[1]).toMatchObject({
    name: "warning",
    data: expect.stringMatching(/^Grade again: 2 checks came to no verdict \(three, four\)/),
  });
  expect(obeyed(log(MIXED.submissions[3]!))).toEqual([{
    name: "error",
    properties: { title: "Not graded" },
    data: "Write valid JSON in submission.json",
  }]);
  expect(obeyed(log(MIXED.submissions[4]!))).toMatchObject([{ name: "warning" }]);
});

test("githubLog() makes as many annotations as GitHub shows, the last for the rest", () => {
  const ids = Array.from({ length: 12 }, (_, index) => `check-${index + 1}`);
  const lost = gradedOf("ada", ids.map((id) => checkOf(id, { verdict: "fail", message: "No" })));
  const errors = obeyed(log(lost)).filter(({ name }) => name === "error");
  expect(errors.length).toBe(10);
  expect(errors.at(-1)).toMatchObject({
    properties: { title: "3 checks more" },
    data: "check-10, check-11, check-12",
  });
});

test("githubLog() has no command obeyed that a stranger wrote", () => {
  for (const one of HOSTILE_BATCH.submissions) {
    const commands = obeyed(log(one));
    const names = one.result === null ? ["error"] : ["notice", "error"];
    expect(commands.map(({ name }) => name)).toEqual(names);
    const said = one.result === null ? one.rejected! : one.result.checks.at(-1)!.message!;
    expect(commands.at(-1)!.data).toBe(oneLine(said).replaceAll("##[", "# #["));
  }
});

test("githubLog() has its own commands obeyed, whatever a program printed", () => {
  fc.assert(fc.property(fc.array(fc.constantFrom(...PIECES)), (pieces) => {
    const [graded, rejected] = batchSaying(pieces.join("")).submissions;
    expect(obeyed(log(graded!)).map(({ name }) => name)).toEqual(["notice", "error"]);
    expect(obeyed(log(rejected!)).map(({ name }) => name)).toEqual(["error"]);
  }));
});
