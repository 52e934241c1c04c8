import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { gradescope } from "./gradescope.ts";
import schema from "./gradescope.schema.json" with { type: "json" };
import { ReportRefused } from "./refused.ts";
import { checkOf, gradedOf, HOSTILE_BATCH, MIXED, UNDECIDED } from "./results_for_test.ts";

const validate = new Ajv2020.default({ strict: true, allErrors: true, allowUnionTypes: true })
  .compile(schema);

test("gradescope() writes what Gradescope's page asks for", () => {
  for (const one of [...MIXED.submissions.slice(0, 4), ...HOSTILE_BATCH.submissions]) {
    expect(validate(JSON.parse(gradescope(one))), JSON.stringify(validate.errors)).toBe(true);
  }
});

test("gradescope() leaves the total to the sum of its tests, all of them visible", () => {
  const { score, tests, visibility, stdout_visibility } = JSON.parse(
    gradescope(MIXED.submissions[1]!),
  );
  expect({ score, visibility, stdout_visibility })
    .toEqual({ score: undefined, visibility: "visible", stdout_visibility: "hidden" });
  expect(tests.map((one: { visibility: string }) => one.visibility))
    .toEqual(Array(4).fill("visible"));
  expect(tests[0]).toMatchObject({ number: "1", score: 5, max_score: 5, status: "passed" });
  expect(tests[1]).toMatchObject({ number: "2", score: 0, max_score: 5, status: "failed" });
  expect(tests[1].output).toContain("✗ two: It does two (0 of 5 points)\n");
});

test("gradescope() gives a check without a verdict neither a score nor a status, and says so first", () => {
  const { output, tests, extra_data } = JSON.parse(gradescope(UNDECIDED));
  expect(output).toMatch(
    /^lab3: 5 of 17 points\nGrade again: 2 checks came to no verdict \(three, four\), 7 points /,
  );
  for (const test of tests.slice(2)) {
    expect(Object.keys(test)).not.toContain("score");
    expect(Object.keys(test)).not.toContain("max_score");
    expect(Object.keys(test)).not.toContain("status");
  }
  expect(extra_data.undecided).toEqual(["three", "four"]);
});

test("gradescope() says why a submission was rejected, for 0 points", () => {
  expect(JSON.parse(gradescope(MIXED.submissions[3]!))).toMatchObject({
    score: 0,
    output: "Not graded. Write valid JSON in submission.json",
  });
});

test("gradescope() refuses where nothing was judged: Gradescope then says that the autograder failed", () => {
  const open = gradedOf("ada", [checkOf("one", { verdict: "error", message: "It broke" })]);
  expect(() => gradescope(open)).toThrow(ReportRefused);
  expect(() => gradescope(MIXED.submissions[4]!)).toThrow(/^It was not graded to its end/);
});
