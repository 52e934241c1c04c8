/** What an instructor reads in a terminal: a line for each submission, and what they have in common. Pure. */
import { type Paint, PLAIN } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import type { CheckResult } from "../result.ts";
import { failed, type Graded, type GradedBatch, notPassed, undecided } from "./graded.ts";
import { totals } from "./text_totals.ts";
import { fitted, textWidth } from "./text_width.ts";
import { markOf, submissionCount } from "./words.ts";

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
