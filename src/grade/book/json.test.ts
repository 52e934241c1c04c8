import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { compareLast } from "./compare.ts";
import schema from "./grades.schema.json" with { type: "json" };
import { type GradesDocument, gradesJson } from "./json.ts";
import { newRun, runsOf } from "./run_for_test.ts";

const validate = new Ajv2020.default({ strict: true, allErrors: true, allowUnionTypes: true })
  .compile(schema);

const runs = runsOf(
  { verdicts: { port: "fail", late: "inconclusive" } },
  { verdicts: { port: "error", new: "pass" }, whole: true },
  { name: "bob", rejected: "Hand in less", hash: null, lab_hash: null, artifacts: null },
  { name: "bob", whole: false },
);

test.each<[string, GradesDocument]>([
  ["runs", { runs }],
  ["no runs", { runs: [] }],
  ["a run", { run: runs[0]!, result: newRun().result }],
  ["a rejected run", { run: runs[2]!, result: null }],
  ["a comparison", compareLast(runs)],
])("gradesJson() of %s is as its schema has it", (_, document) => {
  const written = JSON.parse(gradesJson(document));
  expect(validate(written), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...written, more: 1 })).toBe(false);
  expect(validate({ ...written, v: 2 })).toBe(false);
});
