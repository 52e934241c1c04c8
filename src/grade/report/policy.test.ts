import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { parsePolicy } from "./policy.ts";
import schema from "./policy.schema.json" with { type: "json" };
import { PolicyError } from "./policy_error.ts";

const IDS = ["letters", "every-byte", "sizes"];

test("parsePolicy() takes what all checks show, and what some do", () => {
  expect(parsePolicy("{}", "p.json", IDS)).toEqual({ show: "full", checks: {} });
  const text = '{"$schema": "x", "show": "brief", "checks": {"sizes": "hidden"}}';
  expect(parsePolicy(text, "p.json", IDS)).toEqual({ show: "brief", checks: { sizes: "hidden" } });
});

test.each([
  ["{", /^Write valid JSON in p␊\.json: /],
  ["[]", /^Write an object, \{"show": "brief"\}, in p␊\.json$/],
  ['{"Show": "brief"}', /^Use the names show and checks, not "Show", in p␊\.json$/],
  ['{"show": "none"}', /^Give show one of full, brief, hidden, not "none", in p␊\.json$/],
  ['{"checks": ["sizes"]}', /^Give checks an object, .*, in p␊\.json$/],
  [
    '{"checks": {"size": "full"}}',
    /^Name checks of the lab, not "size" \(did you mean sizes\?\), in/,
  ],
  ['{"checks": {"sizes": true}}', /^Give sizes one of full, brief, hidden, not true, in p␊\.json$/],
  ['{"checks": {"__proto__": "full"}}', /^Name checks of the lab, not "__proto__", in p␊\.json$/],
])("parsePolicy() refuses %s in one line that says what to write", (text, message) => {
  const parse = () => parsePolicy(text, "p\n.json", IDS);
  expect(parse).toThrow(PolicyError);
  expect(parse).toThrow(message);
});

test("policy.schema.json takes what parsePolicy() takes", () => {
  const validate = new Ajv2020.default({ strict: true }).compile(schema);
  const policies = ["{}", '{"show": "brief", "checks": {"sizes": "hidden"}}', '{"show": "none"}'];
  expect(policies.map((text) => validate(JSON.parse(text)))).toEqual([true, true, false]);
});
