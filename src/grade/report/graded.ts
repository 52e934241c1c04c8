/** What reports are made of: submissions and what they came to. Pure. */
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

/** Returns why there is no result, in one line. */
export function reasonFor({ rejected }: Graded): string {
  return rejected ?? "It was not graded to its end: grade again";
}

/** Returns the checks that came to no verdict. Their points are neither won nor lost. */
export function undecided<C extends Pick<CheckResult, "verdict">>(checks: readonly C[]): C[] {
  return checks.filter(({ verdict }) => verdict === "inconclusive" || verdict === "error");
}

/** Returns the checks that the program failed. */
export function failed<C extends Pick<CheckResult, "verdict">>(checks: readonly C[]): C[] {
  return checks.filter(({ verdict }) => verdict === "fail");
}

/** Returns the points of some checks in all. */
export function pointsOf(checks: readonly Pick<CheckResult, "points">[]): number {
  return checks.reduce((sum, { points }) => sum + points, 0);
}

/** A check or several that could not even be started, for one reason. */
export interface NotStarted {
  /** The reason: a program that is missing, a machine that broke. */
  message: string;
  checks: CheckResult[];
}

/** Returns the checks that did not pass, those that could not be started for the same reason together. */
export function notPassed(
  checks: readonly CheckResult[],
): { ran: CheckResult[]; notStarted: NotStarted[] } {
  const ran: CheckResult[] = [], notStarted = new Map<string, CheckResult[]>();
  for (const check of checks) {
    if (check.verdict === "pass") continue;
    if (check.attempts > 0 || check.message === null) ran.push(check);
    else notStarted.set(check.message, [...notStarted.get(check.message) ?? [], check]);
  }
  return { ran, notStarted: [...notStarted].map(([message, checks]) => ({ message, checks })) };
}
