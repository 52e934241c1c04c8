import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import resultSchema from "../result.schema.json" with { type: "json" };
import schema from "./batch.schema.json" with { type: "json" };
import { json } from "./json.ts";
import { batchOf, HOSTILE_BATCH, MIXED } from "./results_for_test.ts";

const ajv = new Ajv2020.default({ strict: true, allErrors: true, allowUnionTypes: true });
const validate = ajv.addSchema(resultSchema).compile(schema);

test("json() writes what batch.schema.json says", () => {
  for (const batch of [MIXED, HOSTILE_BATCH, batchOf([])]) {
    expect(validate(JSON.parse(json(batch))), JSON.stringify(validate.errors)).toBe(true);
  }
});

test("json() keeps results whole, and says what became of each submission", () => {
  const { submissions } = JSON.parse(json(MIXED));
  expect(submissions.map(({ outcome }: { outcome: string }) => outcome))
    .toEqual(["graded", "graded", "graded", "rejected", "unfinished"]);
  expect(submissions[1].result).toEqual(MIXED.submissions[1]!.result);
  expect(submissions[3].rejected).toBe("Write valid JSON in submission.json");
});

test("batch.schema.json refuses fields that are missing or strange", () => {
  const whole = JSON.parse(json(MIXED));
  expect(validate({ ...whole, grade: "A" })).toBe(false);
  expect(validate({ ...whole, seed: 7 })).toBe(false);
  expect(validate({ ...whole, submissions: [{ name: "ada" }] })).toBe(false);
});
