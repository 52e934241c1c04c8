/** What reports are made of: submissions and what they came to. */
import type { CheckResult, GradeResult } from "../result.ts";

/** A submission and what it came to, as far as it has. */
export interface Graded {
  /** What it is called: the name of its folder or file, with any characters. */
  name: string;
  /** What its checks came to; null where it was rejected, or was not graded to its end. */
  result: GradeResult | null;
  /** Why it was not graded, in one line: its files are at fault; null where it was not rejected. */
  rejected: string | null;
}

/** Submissions that were graded together. */
export interface GradedBatch {
  /** The lab's id. */
  lab: string;
  /** The lab's title. */
  title: string;
  /** The seed that all random inputs come of. */
  seed: string;
  /** When it began, RFC 3339. */
  started: string;
  /** How long it took. */
  seconds: number;
  /** In the order in which documents list them. */
  submissions: readonly Graded[];
}

/** What became of a submission. */
export type Outcome = "graded" | "rejected" | "unfinished";

/** Returns what became of a submission. */
export function outcomeOf({ result, rejected }: Graded): Outcome {
  return result !== null ? "graded" : rejected !== null ? "rejected" : "unfinished";
}

/** Returns the checks that came to no verdict. Their points are neither won nor lost. */
export function undecided(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter(({ verdict }) => verdict === "inconclusive" || verdict === "error");
}

/** Returns the checks that the program failed. */
export function failed(checks: readonly CheckResult[]): CheckResult[] {
  return checks.filter(({ verdict }) => verdict === "fail");
}

/** Returns the points of some checks in all. */
export function pointsOf(checks: readonly CheckResult[]): number {
  return checks.reduce((sum, { points }) => sum + points, 0);
}
