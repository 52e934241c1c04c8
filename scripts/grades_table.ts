/** Runs of the gradebook as people read them. Pure. */
import {
  type CheckVerdict,
  failed,
  fitted,
  pointCount,
  type Run,
  shown,
  textWidth,
  undecided,
} from "../src/grade/mod.ts";
import type { Style } from "./verb.ts";

/** How a table is drawn. */
export interface TableOptions {
  style: Style;
  /** Of the terminal; the last column is cut to fit. Infinity: it is not cut. */
  columns: number;
}

const HEADS = ["run", "when", "lab", "submission", "score", "seed", "failed, or not judged"];

/** Numbers stand on the right. */
const RIGHT = new Set(["run", "score"]);

/** Returns a line of heads and a line for each run. */
export function gradesTable(runs: readonly Run[], { style, columns }: TableOptions): string {
  const rows = runs.map(cellsOf);
  const widths = HEADS.map((_, at) =>
    Math.max(...[HEADS, ...rows].map((row) => textWidth(row[at]!)))
  );
  const line = (cells: readonly string[], paint: (cell: string, at: number) => string) => {
    const padded = cells.slice(0, -1).map((cell, at) => {
      const gap = " ".repeat(widths[at]! - textWidth(cell));
      return RIGHT.has(HEADS[at]!) ? gap + paint(cell, at) : paint(cell, at) + gap;
    });
    const before = widths.slice(0, -1).reduce((sum, width) => sum + width + 2, 0);
    const last = cut(cells.at(-1)!, Math.max(20, columns - before));
    return `${[...padded, paint(last, cells.length - 1)].join("  ").trimEnd()}\n`;
  };
  const head = line(HEADS, (cell) => style.dim(cell));
  return head +
    runs.map((run, at) =>
      line(
        rows[at]!,
        (cell, column) => HEADS[column] === "score" ? colourOf(run, style)(cell) : cell,
      )
    ).join("");
}

function cellsOf(run: Run): string[] {
  return [
    String(run.id),
    timeText(run.started),
    run.lab,
    cut(shown(run.submission), 40),
    scoreText(run),
    run.seed,
    run.rejected === null ? checksText(run.checks) : shown(run.rejected),
  ];
}

/** `80/100`; of a run of some checks only, `20/20 in part`. */
export function scoreText({ score, max_score, whole, outcome }: Run): string {
  if (outcome === "rejected") return outcome;
  return `${score}/${max_score}${whole ? "" : " in part"}`;
}

/** `every-byte, split-read; not judged: lost-answer (10 points)`. */
export function checksText(checks: readonly CheckVerdict[]): string {
  const lost = failed(checks).map(({ id }) => id);
  const open = undecided(checks).map(({ id, points }) => `${id} (${pointCount(points)})`);
  return [
    ...(lost.length > 0 ? [lost.join(", ")] : []),
    ...(open.length > 0 ? [`not judged: ${open.join(", ")}`] : []),
  ].join("; ");
}

/** Returns a moment as this machine's clock has it: `2026-11-22 03:15`. */
export function timeText(moment: string): string {
  // The Swedish write it as ISO 8601 does.
  return new Date(moment).toLocaleString("sv-SE", { dateStyle: "short", timeStyle: "short" });
}

function colourOf({ outcome, score, max_score, undecided }: Run, style: Style) {
  if (outcome === "rejected") return style.red;
  if (undecided > 0) return style.yellow;
  return score === max_score ? style.green : (text: string) => text;
}

/** The text, cut where it is wider than so many columns. */
function cut(text: string, columns: number): string {
  return textWidth(text) <= columns ? text : fitted(text, columns);
}
