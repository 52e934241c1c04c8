/**
 * CSV (RFC 4180) for a spreadsheet or an LMS: a row for each submission, a column for each check. Pure.
 *
 * A cell is empty where there is no number to be computed with: a check without a verdict, a submission that was not
 * graded. Names that a spreadsheet would take for a formula get an apostrophe in front.
 */
import type { CheckResult } from "../result.ts";
import { csvField } from "./escape.ts";
import { failed, type Graded, type GradedBatch, outcomeOf, pointsOf, undecided } from "./graded.ts";

/** The columns before those of the checks. */
const HEAD = [
  ...["submission", "outcome", "score", "max_score", "not_judged_points"],
  ...["failed", "not_judged", "reason", "lab", "seed", "engine", "started", "seconds"],
];

/** Returns the document, with a line of names at its top. */
export function csv(batch: GradedBatch): string {
  const ids = [
    ...new Set(batch.submissions.flatMap(({ result }) => result?.checks.map(({ id }) => id) ?? [])),
  ];
  const rows = [[...HEAD, ...ids], ...batch.submissions.map((one) => row(batch, one, ids))];
  return rows.map((fields) => `${fields.map(csvField).join(",")}\r\n`).join("");
}

function row(
  { lab, seed }: GradedBatch,
  graded: Graded,
  ids: readonly string[],
): (string | number | null)[] {
  const { name, result, rejected } = graded;
  const checks = new Map(result?.checks.map((check) => [check.id, check]));
  const open = undecided(result?.checks ?? []);
  const numbers = result === null
    ? [null, null, null]
    : [result.score, result.max_score, pointsOf(open)];
  return [
    ...[name, outcomeOf(graded), ...numbers],
    ...[idsOf(failed(result?.checks ?? [])), idsOf(open), rejected],
    ...[lab, result?.seed ?? seed, result?.engine ?? null],
    ...[result?.started ?? null, result?.seconds ?? null],
    ...ids.map((id) => {
      const check = checks.get(id);
      return check === undefined || open.includes(check) ? null : check.score;
    }),
  ];
}

function idsOf(checks: readonly CheckResult[]): string {
  return checks.map(({ id }) => id).join(" ");
}
