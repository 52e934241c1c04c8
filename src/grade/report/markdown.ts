/** Markdown (GitHub's and GitLab's): a table of submissions, and what each has to read, folded. Pure. */
import { feedbackLines, pointCount } from "../feedback.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { markdownBlock, markdownName, markdownText } from "./escape.ts";
import {
  failed,
  type Graded,
  type GradedBatch,
  notPassed,
  outcomeOf,
  reasonFor,
  undecided,
} from "./graded.ts";
import { markOf, notStartedText, scoreText, submissionCount, undecidedText } from "./words.ts";

const SIGNS = { "✓": "✅", "✗": "❌", "?": "❓", "!": "⚠️" } as const;
const VERDICTS = { pass: "✅", fail: "❌", inconclusive: "❓", error: "❓" } as const;

/** Returns the document of a batch. */
export function markdown({ lab, title, seed, started, submissions }: GradedBatch): string {
  const rows = submissions.map((graded) => {
    const { result } = graded;
    const what = result === null ? outcomeOf(graded) : scoreText(result);
    const counts = result === null
      ? ["", ""]
      : [failed(result.checks).length || "", undecided(result.checks).length || ""];
    return [SIGNS[markOf(graded)], markdownName(graded.name), what, ...counts];
  });
  return [
    `# ${markdownText(`${lab}, ${title}`)}`,
    "",
    `${submissionCount(submissions.length)}, graded ${timeText(started)}, seed ${seed}.`,
    "",
    ...table(["", "Submission", "Score", "Failed", "Not judged"], "lllrr", rows),
    ...submissions.flatMap(folded),
    "",
  ].join("\n");
}

/** Returns what one submission's author reads. */
export function submissionMarkdown(graded: Graded): string {
  const { name, result } = graded;
  const sign = SIGNS[markOf(graded)];
  if (result === null) {
    return `## ${sign} ${markdownName(name)}: ${outcomeOf(graded)}\n\n${notGraded(graded)}\n`;
  }
  const { ran } = notPassed(result.checks);
  return [
    `## ${sign} ${markdownText(result.lab)}: ${scoreText(result)}`,
    "",
    `${markdownName(name)}, seed ${result.seed}.`,
    ...remarks(result),
    "",
    ...checkTable(result),
    ...ran.filter(teaches).flatMap((check) => [
      "",
      ...details(`${VERDICTS[check.verdict]} ${markdownText(check.title)}`, feedback(check)),
    ]),
    "",
  ].join("\n");
}

/** `2026-11-22 04:30 UTC`. */
function timeText(rfc3339: string): string {
  return `${new Date(rfc3339).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A submission's feedback in a document of many; nothing where there is none. */
function folded(graded: Graded): string[] {
  const { name, result } = graded;
  const title = `${SIGNS[markOf(graded)]} ${markdownName(name)}`;
  if (result === null) return ["", ...details(title, [notGraded(graded)])];
  const ran = notPassed(result.checks).ran.filter(teaches);
  const body = [...remarks(result), ...ran.flatMap((check) => ["", ...feedback(check)])];
  if (body.length === 0) return [];
  return ["", ...details(`${title}: ${scoreText(result)}`, body.slice(1))];
}

/** Whether there is more to read of a check than that it did not pass. */
function teaches(check: CheckResult): boolean {
  return feedbackLines(check).length > 1;
}

/** A block as in a terminal, and below it the hint, whose lines are for the reader to break. */
function feedback(check: CheckResult): string[] {
  const { verdict, hint } = check;
  const block = markdownBlock(feedbackLines({ ...check, hint: "" }));
  return verdict === "fail" && hint !== "" ? [block, "", remark("Hint", hint)] : [block];
}

/** What is to be said before feedback, a paragraph each. */
function remarks({ checks, notes = [] }: GradeResult): string[] {
  const open = undecidedText(checks);
  const paragraphs = [
    ...notes.map((note) => remark("Note", note)),
    ...open === null ? [] : [remark("Not judged", open)],
    ...notPassed(checks).notStarted.map((one) => remark("Not started", notStartedText(one))),
  ];
  return paragraphs.flatMap((paragraph) => ["", paragraph]);
}

function notGraded(graded: Graded): string {
  return remark("Not graded", reasonFor(graded));
}

/** Words in front: what a stranger wrote must not begin a line. */
function remark(what: string, text: string): string {
  return `**${what}:** ${markdownText(text)}`;
}

function checkTable({ checks }: GradeResult): string[] {
  const rows = checks.map((check) => [
    VERDICTS[check.verdict],
    `${markdownText(check.title)} <code>${check.id}</code>`,
    pointsText(check),
  ]);
  return table(["", "Check", "Points"], "llr", rows);
}

function pointsText({ verdict, score, points }: CheckResult): string {
  if (verdict === "pass" || verdict === "fail") return `${score} of ${points}`;
  return `not judged (${pointCount(points)})`;
}

function table(
  head: readonly string[],
  align: string,
  rows: readonly (readonly (string | number)[])[],
): string[] {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(" | ")} |`;
  const rule = [...align].map((side) => side === "r" ? "---:" : "---");
  return [line(head), line(rule), ...rows.map(line)];
}

function details(summary: string, body: readonly string[]): string[] {
  return ["<details>", `<summary>${summary}</summary>`, "", ...body, "", "</details>"];
}
