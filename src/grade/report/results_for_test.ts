/** Results that tests make up, and what strangers write where they can. */
import type { CheckResult, GradeResult } from "../result.ts";
import type { Graded, GradedBatch } from "./graded.ts";

/** What a format, its reader or a terminal might act on, a text each. */
export const HOSTILE: readonly string[] = [
  "\0\x07\x08\x1b[31mred\x1b]0;title\x07\x7f",
  "\ufffd\ufffe\uffff\u0085\u009b31m",
  "lone \ud800 and \udc00",
  "\u202egnp.exe\u2066\u200f\ufeff",
  "one\nok 1 - two\r\nthree\rfour\u2028five\tsix",
  ']]></failure></testcase><testcase name="x"/><!-- &lt; &amp;#0;',
  "ok 1 - passed",
  "not ok 2 # TODO \\",
  "1..0 # SKIP all",
  "Bail out! now",
  "  ...",
  "---",
  "::notice title=a,b::%0A::error::x",
  "::stop-commands::x",
  "::add-mask::points",
  "##[add-mask]points ##[error]x",
  "=cmd|' /C calc'!A0",
  "  +1+1",
  "-1",
  "@SUM(A1)",
  "\t=1",
  "a,b;\"c\" 'd'",
  "```` ``` ~~~",
  "</code></summary></details><script>alert(1)</script><img src=x onerror=x>",
  "[a](javascript:x) ![b](http://example.com/b.png) <http://example.com>",
  "www.example.com http://example.com a@example.com @everyone #1 :tada: $x$ ~~s~~",
  "| a | *b* _c_ **d** `e` \\| \\` |",
  "# heading",
  "../../etc/passwd",
];

/** What texts to try at random are made of: what formats are made of, and some letters. */
export const PIECES: readonly string[] = [
  ..."\0\x1b\r\n\t \\#\"',;:|`*_<>&[](){}%@=+-.~$!?^/019aZ",
  ...["ok", "not ok", "TODO", "Bail out!", "---", "...", "::", "##[", "]]>", "&#", "www.", "```"],
  ...["\u0085", "\u2028", "\u202e", "\ud800", "\udfff", "\ufeff", "\uffff", "é", "東", "🇫🇷"],
];

/** A check that passed, unless it is said otherwise. */
export function checkOf(id: string, over: Partial<CheckResult> = {}): CheckResult {
  const { verdict = "pass", points = 5 } = over;
  return {
    ...{ id, title: `It does ${id}`, program: "server", points, verdict },
    ...{ score: verdict === "pass" ? points : 0, seconds: 0.25, attempts: 1, message: null },
    ...{ expected: null, actual: null, steps: [], hint: `Look at ${id}`, evidence: null },
    ...over,
  };
}

/** A check that the program failed, with feedback in every place, all of it `text`. */
export function failedCheck(id: string, text: string): CheckResult {
  const excerpt = { length: 3, from: 0, text: "abc" };
  return checkOf(id, {
    verdict: "fail",
    message: text,
    expected: excerpt,
    actual: { ...excerpt, text: "abd" },
    steps: [{ what: text, passed: true }, { what: text, passed: false }],
    evidence: { ladder: [text], printed: [text], ended: text },
  });
}

/** What these checks came to. */
export function resultOf(checks: CheckResult[], over: Partial<GradeResult> = {}): GradeResult {
  const sum = (key: "score" | "points") => checks.reduce((total, one) => total + one[key], 0);
  return {
    ...{ v: 1, lab: "lab3", submission: "/home/ada", seed: "7", engine: "local", driver: "tun" },
    versions: { socklab: "0.1.0", deno: "2.9.6" },
    ...{ score: sum("score"), max_score: sum("points") },
    ...{ started: "2026-11-21T07:30:12.345Z", seconds: 1.5, checks },
    ...over,
  };
}

/** A submission that was graded. */
export function gradedOf(name: string, checks: CheckResult[]): Graded {
  return { name, result: resultOf(checks), rejected: null };
}

/** One that lacks verdicts, beside a check that passed and one that was failed. */
export const UNDECIDED: Graded = gradedOf("carol", [
  checkOf("one"),
  checkOf("two", { verdict: "fail", message: "Other bytes came" }),
  checkOf("three", { verdict: "inconclusive", message: "Packet 2 was not lost", attempts: 3 }),
  checkOf("four", { verdict: "error", message: "The machine broke", points: 2 }),
]);

/** A batch of these. */
export function batchOf(submissions: readonly Graded[]): GradedBatch {
  const started = "2026-11-21T07:30:00.000Z";
  return { lab: "lab3", title: "UDP uppercase", seed: "7", started, seconds: 9.5, submissions };
}

/** A batch in which one submission is called so, says so and is rejected so. */
export function batchSaying(text: string): GradedBatch {
  const graded = gradedOf(text, [checkOf("one"), failedCheck("two", text)]);
  return batchOf([graded, { name: text, result: null, rejected: text }]);
}

/** One of each outcome. */
export const MIXED: GradedBatch = batchOf([
  gradedOf("ada", [checkOf("one"), checkOf("two"), checkOf("three"), checkOf("four")]),
  gradedOf("bob", [
    checkOf("one"),
    failedCheck("two", "Other bytes came"),
    ...["three", "four"].map((id) =>
      checkOf(id, {
        verdict: "fail",
        attempts: 0,
        program: "client",
        message: "Add client.ts to your folder: there is no such file, so nothing was started",
      })
    ),
  ]),
  UNDECIDED,
  { name: "dave", result: null, rejected: "Write valid JSON in submission.json" },
  { name: "erin", result: null, rejected: null },
]);

/** A batch in which strangers wrote such texts wherever they can. */
export const HOSTILE_BATCH: GradedBatch = batchOf([
  ...HOSTILE.map((text) => ({
    name: text,
    rejected: null,
    result: resultOf([checkOf("one"), failedCheck("two", text)], { notes: [text] }),
  })),
  ...HOSTILE.map((text) => ({ name: text, result: null, rejected: text })),
  gradedOf(HOSTILE.join(""), [failedCheck("two", HOSTILE.join("\n"))]),
]);
