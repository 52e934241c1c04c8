import { expect, test } from "vitest";
import { FORMATS } from "./formats.ts";
import { submissionMarkdown } from "./markdown.ts";
import type { Policy } from "./policy.ts";
import { batchOf, checkOf, failedCheck, resultOf } from "./results_for_test.ts";
import { shownBatch, shownResult } from "./shown_result.ts";

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
