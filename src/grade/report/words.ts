/** Sentences that several formats share. Pure. */
import { pointCount } from "../feedback.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { type NotStarted, pointsOf, undecided } from "./graded.ts";

/** `60 of 100 points`. */
export function scoreText({ score, max_score }: GradeResult): string {
  return `${score} of ${pointCount(max_score)}`;
}

/** `1 check`, `5 checks`. */
export function checkCount(count: number): string {
  return `${count} ${count === 1 ? "check" : "checks"}`;
}

/** `1 submission`, `60 submissions`. */
export function submissionCount(count: number): string {
  return `${count} ${count === 1 ? "submission" : "submissions"}`;
}

/** Names the checks without a verdict and says what becomes of their points; null where all have one. */
export function undecidedText(checks: readonly CheckResult[]): string | null {
  const open = undecided(checks);
  if (open.length === 0) return null;
  const ids = open.map(({ id }) => id).join(", ");
  return `Grade again: ${checkCount(open.length)} came to no verdict (${ids}), ` +
    `${pointCount(pointsOf(open))} that are neither won nor lost`;
}

/** Says once what several checks could not be started for. */
export function notStartedText({ message, checks }: NotStarted): string {
  return `${message} (${checkCount(checks.length)}, ${pointCount(pointsOf(checks))})`;
}

/** The verdict of a whole submission at a glance. */
export function markOf({ result }: { result: GradeResult | null }): "✓" | "✗" | "?" | "!" {
  if (result === null) return "!";
  if (undecided(result.checks).length > 0) return "?";
  return result.checks.every(({ verdict }) => verdict === "pass") ? "✓" : "✗";
}
