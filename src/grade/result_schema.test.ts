import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { CheckResult, GradeResult } from "./mod.ts";
import { statusOf } from "./mod.ts";
import schema from "./result.schema.json" with { type: "json" };

const validate = new Ajv2020.default({ strict: true, allErrors: true, allowUnionTypes: true })
  .compile(schema);
const faults = (value: unknown) =>
  validate(value)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

const passed: CheckResult = {
  id: "uppercase",
  title: "A datagram of small letters comes back in capitals",
  program: "server",
  points: 2,
  score: 2,
  verdict: "pass",
  seconds: 0.2,
  attempts: 1,
  message: null,
  expected: null,
  actual: null,
  steps: [{ what: "the server starts and listens", passed: true }],
  hint: "Turn a-z into A-Z",
  evidence: null,
};
const failed: CheckResult = {
  ...passed,
  score: 0,
  verdict: "fail",
  message: "Other bytes came than expected: byte 1 is another one",
  expected: { length: 1, from: 0, text: "A" },
  actual: { length: 1, from: 0, text: "a" },
  evidence: { ladder: ["├── a ──▶│"], printed: ["ready"], ended: null },
};
const result: GradeResult = {
  v: 1,
  lab: "lab3",
  submission: "/home/student/my-lab3",
  seed: "18446744073709551615",
  engine: "local",
  driver: "tun",
  versions: { socklab: "0.1.0", deno: "2.9.6" },
  score: 2,
  max_score: 4,
  started: "2026-11-21T07:30:12.000Z",
  seconds: 0.5,
  checks: [passed, failed],
};

test("result.schema.json takes what the types allow", () => {
  expect(faults(result)).toEqual([]);
  expect(faults({ ...result, engine: null, driver: null })).toEqual([]);
});

test("result.schema.json refuses fields that are missing, strange or of another kind", () => {
  const { seed: _, ...rest } = result;
  expect(faults(rest)).not.toEqual([]);
  expect(faults({ ...result, grade: "A" })).not.toEqual([]);
  expect(faults({ ...result, checks: [{ ...passed, verdict: "passed" }] })).not.toEqual([]);
  expect(faults({ ...result, checks: [{ ...passed, points: 0.5 }] })).not.toEqual([]);
});

test("statusOf() is 0 where all passed, 1 where points were lost, 3 where something could not be judged", () => {
  expect(statusOf([{ verdict: "pass" }])).toBe(0);
  expect(statusOf([{ verdict: "pass" }, { verdict: "fail" }])).toBe(1);
  expect(statusOf([{ verdict: "fail" }, { verdict: "inconclusive" }])).toBe(3);
  expect(statusOf([{ verdict: "fail" }, { verdict: "error" }])).toBe(3);
});
