/** What an instructor reads in a terminal: a line for each submission, and what they have in common. Pure. */
import { type Paint, PLAIN, pointCount } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import {
  failed,
  type Graded,
  type GradedBatch,
  notPassed,
  outcomeOf,
  pointsOf,
  undecided,
} from "./graded.ts";
import { fitted, textWidth } from "./text_width.ts";
import { checkCount, markOf, submissionCount } from "./words.ts";

/** How a report looks. */
export interface TextOptions {
  /** Colours; default none. */
  paint?: Paint;
  /** How wide lines may be. Default: 100. */
  columns?: number;
}

/** A name takes so many columns at most, what was failed so many at least. */
const LONGEST_NAME = 32, SHORTEST_REST = 24;

/** Returns the report. */
export function text(
  batch: GradedBatch,
  { paint = PLAIN, columns = 100 }: TextOptions = {},
): string {
  const { lab, title, seed, submissions } = batch;
  const head = paint.bold(`${lab}, ${title}`);
  return [
    `${head}: ${submissionCount(submissions.length)}, seed ${seed}`,
    "",
    ...table(submissions, paint, columns),
    "",
    ...totals(submissions, paint),
    "",
  ].join("\n");
}

function table(submissions: readonly Graded[], paint: Paint, columns: number): string[] {
  const names = submissions.map(({ name }) => oneLine(name));
  const scores = submissions.map(({ result }) =>
    result === null ? "-" : `${result.score}/${result.max_score}`
  );
  const widest = (texts: readonly string[]) => Math.max(...texts.map(textWidth));
  const name = Math.min(LONGEST_NAME, widest(["submission", ...names]));
  const score = widest(["score", ...scores]);
  const fixed = name + score + "✓ ".length + "  failed  not judged  ".length + 2;
  const rest = Math.max(SHORTEST_REST, columns - fixed - 1);
  const line = (mark: string, cells: readonly [string, string, string, string, string]) =>
    [
      `${mark} ${fitted(cells[0], name)}`,
      cells[1].padStart(score),
      cells[2].padStart("failed".length),
      cells[3].padStart("not judged".length),
      cells[4],
    ].join("  ").trimEnd();
  const header = line(" ", ["submission", "score", "failed", "not judged", ""]);
  return [
    paint.dim(header),
    ...submissions.map((graded, index) => {
      const { result } = graded;
      const lost = failed(result?.checks ?? []), open = undecided(result?.checks ?? []);
      const counts = result === null ? ["-", "-"] as const : [lost.length, open.length];
      return line(painted(graded, paint), [
        names[index]!,
        scores[index]!,
        `${counts[0] || (result === null ? "-" : "")}`,
        `${counts[1] || (result === null ? "-" : "")}`,
        details(graded, rest, paint),
      ]);
    }),
  ];
}

/** Which checks, or why not: as much as there is room for. */
function details(graded: Graded, columns: number, paint: Paint): string {
  const { result, rejected } = graded;
  if (result === null) {
    return rejected === null ? "not graded to its end" : `rejected: ${oneLine(rejected)}`;
  }
  const open = undecided(result.checks);
  const { ran, notStarted } = notPassed(failed(result.checks));
  const parts = [
    ...open.length === 0 ? [] : [paint.yellow(`not judged: ${idsWithin(open, columns)}`)],
    // What to do is said first, up to a colon.
    ...notStarted.map(({ message }) => oneLine(message).replace(/: .*/, "")),
    ...ran.length === 0 ? [] : [idsWithin(ran, columns)],
  ];
  return parts.join("; ");
}

/** `a, b and 3 more`. */
function idsWithin(checks: readonly CheckResult[], columns: number): string {
  let shown = "";
  for (const [index, { id }] of checks.entries()) {
    const next = index === 0 ? id : `${shown}, ${id}`;
    const more = checks.length - index - 1;
    const end = more === 0 ? "" : ` and ${more} more`;
    if (index > 0 && next.length + end.length > columns) {
      return `${shown} and ${checks.length - index} more`;
    }
    shown = next;
  }
  return shown;
}

function painted(graded: Graded, paint: Paint): string {
  const mark = markOf(graded);
  const paints = { "✓": paint.green, "✗": paint.red, "?": paint.yellow, "!": paint.yellow };
  return paints[mark](mark);
}

function totals(submissions: readonly Graded[], paint: Paint): string[] {
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
