import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import { FORMATS } from "./formats.ts";
import { submissionMarkdown } from "./markdown.ts";
import { parsePolicy, type Policy, shownBatch, shownResult } from "./policy.ts";
import schema from "./policy.schema.json" with { type: "json" };
import { PolicyError } from "./policy_error.ts";
import { batchOf, checkOf, failedCheck, resultOf } from "./results_for_test.ts";

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

/** In every place that a run fills. */
const SECRET = "s3cret";
const result = resultOf([
  checkOf("letters"),
  failedCheck("every-byte", SECRET),
  checkOf("sizes", {
    verdict: "inconclusive",
    message: SECRET,
    evidence: { ladder: [SECRET], printed: [], ended: null },
  }),
  checkOf("port", { verdict: "fail", attempts: 0, message: "Add server.ts to your folder" }),
]);
const all = (show: Policy["show"]): Policy => ({ show, checks: {} });

test("shownResult() shows all unless it is told otherwise", () => {
  expect(shownResult(result, all("full"))).toEqual(result);
});

test("shownResult() leaves of a brief check its title, verdict and hint, and which file is missing", () => {
  const { checks } = shownResult(result, all("brief"));
  const kept = { message: null, expected: null, actual: null, steps: [], evidence: null };
  expect(checks[1]).toEqual({ ...result.checks[1], ...kept });
  expect(checks[3]!.message).toBe("Add server.ts to your folder");
});

test("shownResult() counts a hidden check and does not name it, nor where it stood", () => {
  const shown = shownResult(result, { show: "full", checks: { letters: "hidden" } });
  expect(shown.checks.map(({ id }) => id)).toEqual(["every-byte", "sizes", "port", "hidden-1"]);
  expect(shown.checks.at(-1)).toMatchObject({ title: "A check that is not shown", score: 5 });
  expect(shown).toMatchObject({ score: result.score, max_score: result.max_score });
});

test("no format tells what a policy does not show", () => {
  const batch = batchOf([{ name: "ada", result, rejected: null }]);
  const context = { env: () => "submit/1", now: new Date(), token: () => "t0ken" };
  const written = (policy: Policy) => {
    const shown = shownBatch(batch, policy);
    return Object.entries(FORMATS).flatMap(([name, format]) => {
      // It refuses what lacks a verdict.
      if (name === "classroom50") return [];
      return Object.values(format.files).map((write) =>
        format.of === "batch"
          ? (write as typeof FORMATS.json.files["results.json"])(shown)
          : (write as typeof FORMATS.github.files["github/log.txt"])(shown.submissions[0]!, context)
      );
    }).map((text) => /^[\w+/=]+\n$/.test(text) ? atob(text) : text);
  };
  expect(written(all("full")).filter((text) => text.includes(SECRET)).length).toBeGreaterThan(6);
  for (const text of [...written(all("brief")), ...written(all("hidden"))]) {
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain("abc");
  }
  const { submissions } = shownBatch(batch, all("hidden"));
  expect(submissionMarkdown(submissions[0]!)).not.toContain("<details>");
  for (const text of written(all("hidden"))) {
    expect(text).not.toMatch(/every-byte|letters|sizes|Look at/);
  }
});
