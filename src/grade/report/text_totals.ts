/** What submissions have in common, a line each. Pure. */
import { type Paint, pointCount } from "../feedback.ts";
import type { GradeResult } from "../result.ts";
import { failed, type Graded, outcomeOf, pointsOf, undecided } from "./graded.ts";
import { checkCount } from "./words.ts";

/** Returns what became of them, how scores spread, what was failed most often, and what was not judged. */
export function totals(submissions: readonly Graded[], paint: Paint): string[] {
  const count = (outcome: string) => submissions.filter((one) => outcomeOf(one) === outcome).length;
  const graded = submissions.flatMap(({ result }) => result === null ? [] : [result]);
  const outcomes = [
    `${graded.length} graded`,
    ...count("rejected") > 0 ? [`${count("rejected")} rejected`] : [],
    ...count("unfinished") > 0 ? [`${count("unfinished")} not graded to the end`] : [],
  ];
  return [
    ...outcomes.length > 1 || graded.length !== 1 ? [outcomes.join(", ")] : [],
    ...scores(graded),
    ...failedMost(graded),
    ...notJudged(graded).map(paint.yellow),
  ];
}

function scores(results: readonly GradeResult[]): string[] {
  // What lacks a verdict lacks points that are not lost: it says nothing of the others.
  const judged = results.filter(({ checks }) => undecided(checks).length === 0);
  const sorted = judged.map(({ score }) => score).sort((a, b) => a - b);
  if (sorted.length < 2) return [];
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  const most = pointCount(Math.max(...judged.map(({ max_score }) => max_score)));
  return [`Scores from ${sorted[0]} to ${sorted.at(-1)} of ${most}, median ${median}`];
}

function failedMost(results: readonly GradeResult[]): string[] {
  const times = new Map<string, number>();
  for (const { id } of results.flatMap(({ checks }) => failed(checks))) {
    times.set(id, (times.get(id) ?? 0) + 1);
  }
  const most = [...times].filter(([, count]) => count > 1).sort(([, a], [, b]) => b - a);
  if (results.length < 3 || most.length === 0) return [];
  const shown = most.slice(0, 3).map(([id, count]) => `${id} (${count})`).join(", ");
  return [`Failed most often: ${shown}`];
}

function notJudged(results: readonly GradeResult[]): string[] {
  const open = results.flatMap(({ checks }) => undecided(checks));
  if (open.length === 0) return [];
  return [
    `Grade again: ${checkCount(open.length)} came to no verdict, ` +
    `${pointCount(pointsOf(open))} that are neither won nor lost`,
  ];
}
