import { expect, test } from "vitest";
import { githubOutputs } from "./github_outputs.ts";
import { HOSTILE_BATCH, MIXED, UNDECIDED } from "./results_for_test.ts";

test("githubOutputs() tells points, and those that were not judged", () => {
  expect(githubOutputs(MIXED.submissions[1]!)).toBe(
    "outcome=graded\nscore=5\nmax-score=20\nnot-judged=0\n",
  );
  expect(githubOutputs(UNDECIDED)).toContain("\nnot-judged=7\n");
});

test("githubOutputs() has no points where nothing was graded", () => {
  expect(githubOutputs(MIXED.submissions[3]!)).toBe("outcome=rejected\n");
  expect(githubOutputs(MIXED.submissions[4]!)).toBe("outcome=unfinished\n");
});

test("githubOutputs() has no line that a stranger wrote", () => {
  for (const one of HOSTILE_BATCH.submissions) {
    expect(githubOutputs(one)).toMatch(
      /^(?:(?:outcome=graded|[a-z-]+=\d+)\n){4}$|^outcome=rejected\n$/,
    );
  }
});
