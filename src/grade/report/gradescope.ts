/**
 * Gradescope's `results.json`. Checked against what Gradescope publishes ("Autograder Specifications",
 * `gradescope.schema.json`), not at Gradescope. Pure.
 *
 * No score stands at the top where there are tests: it would override their sum. No test is hidden: that would hide the
 * total from the student. A check without a verdict has neither score nor status, so that it costs nothing.
 */
import { feedbackLines } from "../feedback.ts";
import { oneLine, printable } from "../printable.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { type Graded, outcomeOf, reasonFor, undecided } from "./graded.ts";
import { ReportRefused } from "./refused.ts";
import { scoreText, undecidedText } from "./words.ts";

/** One test as Gradescope has it. */
interface GradescopeTest {
  name: string;
  name_format: "text";
  /** Where it stands in the list. */
  number: string;
  score?: number;
  max_score?: number;
  status?: "passed" | "failed";
  output: string;
  output_format: "text";
  visibility: "visible";
  tags: string[];
  extra_data: { id: string; verdict: string; points: number };
}

/**
 * Returns the document; that of a rejected submission says why and gives 0 points, since Gradescope shows a student nothing
 * without a score.
 *
 * @throws {ReportRefused} Where nothing was judged: any score would be made up, and without one Gradescope says that the
 * autograder failed, which is so.
 */
export function gradescope(graded: Graded): string {
  const { result } = graded;
  if (result === null) {
    if (outcomeOf(graded) === "unfinished") throw new ReportRefused(reasonFor(graded));
    return document({ score: 0, output: `Not graded. ${oneLine(reasonFor(graded))}` });
  }
  const open = undecidedText(result.checks);
  if (undecided(result.checks).length === result.checks.length) {
    throw new ReportRefused(open ?? "Grade again: there were no checks");
  }
  const output = [
    `${result.lab}: ${scoreText(result)}`,
    ...result.notes ?? [],
    ...open === null ? [] : [open],
    `Seed ${result.seed}`,
  ];
  return document({
    output: output.map(oneLine).join("\n"),
    execution_time: Math.round(result.seconds),
    tests: result.checks.map(testOf),
    extra_data: extraData(result),
  });
}

function document(fields: Record<string, unknown>): string {
  const shown = { visibility: "visible", stdout_visibility: "hidden", output_format: "text" };
  return `${JSON.stringify({ ...shown, ...fields }, null, 2)}\n`;
}

function testOf(check: CheckResult, index: number): GradescopeTest {
  const { id, title, verdict, points, score, program } = check;
  const judged = verdict === "pass" || verdict === "fail";
  return {
    name: oneLine(`${id}: ${title}`),
    name_format: "text",
    number: String(index + 1),
    ...(judged ? { score, max_score: points } : {}),
    ...(judged ? { status: verdict === "pass" ? "passed" : "failed" } : {}),
    output: verdict === "pass" ? "" : printable(feedbackLines(check).join("\n")),
    output_format: "text",
    visibility: "visible",
    tags: [program],
    extra_data: { id, verdict, points },
  };
}

function extraData({ lab, seed, engine, driver, versions, checks }: GradeResult) {
  const open = undecided(checks).map(({ id }) => id);
  return { lab, seed, engine, driver, versions, undecided: open };
}
