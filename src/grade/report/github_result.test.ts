import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import schema from "./github.schema.json" with { type: "json" };
import { obeyed } from "./github_reader_for_test.ts";
import { githubResult } from "./github_result.ts";
import type { Graded } from "./graded.ts";
import { HOSTILE_BATCH, MIXED, UNDECIDED } from "./results_for_test.ts";

const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
const decoded = (one: Graded) =>
  JSON.parse(
    new TextDecoder().decode(Uint8Array.from(atob(githubResult(one)), (c) => c.charCodeAt(0))),
  );

test("githubResult() is base64 of what the reporter reads, on one line", () => {
  for (const one of [...MIXED.submissions, ...HOSTILE_BATCH.submissions]) {
    expect(githubResult(one)).toMatch(/^[A-Za-z0-9+/]+=*\n$/);
    expect(validate(decoded(one)), JSON.stringify(validate.errors)).toBe(true);
  }
  expect(decoded(MIXED.submissions[1]!)).toMatchObject({
    ...{ version: 1, status: "fail", max_score: 20 },
    tests: [{ status: "pass", score: 5 }, { status: "fail", score: 0 }, {}, {}],
  });
});

test("githubResult() counts points of checks without a verdict nowhere", () => {
  const result = decoded(UNDECIDED);
  expect(result).toMatchObject({ status: "error", max_score: 10 });
  expect(result.tests[2]).toMatchObject({ status: "error", score: 0 });
});

test("githubResult() holds no line that the reporter would print as a command", () => {
  for (const one of HOSTILE_BATCH.submissions) {
    for (const { name, message } of decoded(one).tests) {
      expect(obeyed(`${name}\n${message}\nError: ${message}`)).toEqual([]);
    }
  }
});
