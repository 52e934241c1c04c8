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

const HEADS = ["submission", "score", "failed", "not judged"];

function table(submissions: readonly Graded[], paint: Paint, columns: number): string[] {
  const rows = submissions.map(cellsOf);
  const widths = HEADS.map((head, at) =>
    Math.max(textWidth(head), ...rows.map((row) => textWidth(row[at]!)))
  );
  widths[0] = Math.min(LONGEST_NAME, widths[0]!);
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => at === 0 ? fitted(cell, widths[0]!) : cell.padStart(widths[at]!)).join(
      "  ",
    );
  const before = widths.reduce((sum, width) => sum + width + 2, 2);
  const rest = Math.max(SHORTEST_REST, columns - before);
  return [
    paint.dim(`  ${line(HEADS)}`),
    ...submissions.map((graded, at) =>
      `${painted(graded, paint)} ${line(rows[at]!)}  ${details(graded, rest, paint)}`.trimEnd()
    ),
  ];
}

function cellsOf({ name, result }: Graded): string[] {
  if (result === null) return [oneLine(name), "-", "-", "-"];
  const { checks, score, max_score } = result;
  const counts = [failed(checks), undecided(checks)]
    .map(({ length }) => length === 0 ? "" : String(length));
  return [oneLine(name), `${score}/${max_score}`, ...counts];
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
