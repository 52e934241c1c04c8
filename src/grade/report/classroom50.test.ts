import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { classroom50 } from "./classroom50.ts";
import schema from "./classroom50.schema.json" with { type: "json" };
import { ReportRefused } from "./refused.ts";
import { HOSTILE_BATCH, MIXED, UNDECIDED } from "./results_for_test.ts";

const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);

const ENV: Record<string, string> = {
  ...{
    CLASSROOM: "networks",
    ASSIGNMENT: "lab3",
    SUBMISSION_TAG: "submit/2026-11-22T04-00-00Z-a1",
  },
  ...{ COMMIT_URL: "https://example.com/c", RELEASE_URL: "https://example.com/r" },
};
const now = new Date("2026-11-22T04:05:06.789Z");
const written = (index: number, env = ENV) =>
  classroom50(MIXED.submissions[index]!, { env: (name) => env[name], now });

test("classroom50() writes what Classroom 50's schema asks for, and nothing else", () => {
  for (
    const one of [
      ...MIXED.submissions.filter((_, index) => [0, 1, 3].includes(index)),
      ...HOSTILE_BATCH.submissions,
    ]
  ) {
    const text = classroom50(one, { env: (name) => ENV[name], now });
    expect(validate(JSON.parse(text)), JSON.stringify(validate.errors)).toBe(true);
    expect(text).toMatch(/^\{\n {2}"schema": "classroom50\/result\/v1",\n/);
  }
});

test("classroom50() takes what the runner told, and sums up the checks", () => {
  expect(JSON.parse(written(1))).toMatchObject({
    ...{ classroom: "networks", assignment: "lab3", review: "https://example.com/c" },
    ...{ datetime: "2026-11-22T04:05:06Z", score: 5, "max-score": 20 },
  });
  const { tests } = JSON.parse(written(1));
  expect(tests[0])
    .toEqual({ "test-name": "one: It does one", passed: true, score: 5, "max-score": 5 });
  expect(tests[1]).toMatchObject({ passed: false, score: 0, "max-score": 5 });
  expect(JSON.parse(written(0, { ...ENV, REVIEW_URL: "https://example.com/d" })).review)
    .toBe("https://example.com/d");
});

test("classroom50() says why a submission was rejected, and gives no points that it could have had", () => {
  expect(JSON.parse(written(3))).toMatchObject({
    ...{ score: 0, "max-score": 0 },
    tests: [{ "test-name": "Not graded. Write valid JSON in submission.json", passed: false }],
  });
});

test("classroom50() refuses what lacks a verdict, or what the runner did not tell", () => {
  const refused = () => classroom50(UNDECIDED, { env: (name) => ENV[name], now });
  expect(refused).toThrow(ReportRefused);
  expect(refused).toThrow(/^Grade again: 2 checks came to no verdict \(three, four\)/);
  expect(() => written(4)).toThrow(ReportRefused);
  expect(() => written(0, { ...ENV, CLASSROOM: "" })).toThrow(/^Set CLASSROOM, as the runner of/);
});
