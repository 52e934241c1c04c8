/**
 * Runs as CSV (RFC 4180), for an LMS or a spreadsheet: a row for each, in the columns of a batch's own `results.csv`. Pure.
 */
import { csvField } from "../report/escape.ts";
import { failed, undecided } from "../report/mod.ts";
import type { CheckVerdict, Run } from "./run.ts";

/** The columns, each with what it holds; a cell is empty where there is nothing to be computed with. */
const COLUMNS: Readonly<Record<string, (run: Run) => string | number | null>> = {
  submission: ({ submission }) => submission,
  outcome: ({ outcome }) => outcome,
  score: ({ score }) => score,
  max_score: ({ max_score }) => max_score,
  not_judged_points: ({ undecided, score }) => score === null ? null : undecided,
  failed: ({ checks }) => idsOf(failed(checks)),
  not_judged: ({ checks }) => idsOf(undecided(checks)),
  reason: ({ rejected }) => rejected,
  lab: ({ lab }) => lab,
  seed: ({ seed }) => seed,
  engine: ({ engine }) => engine,
  started: ({ started }) => started,
  seconds: ({ seconds, score }) => score === null ? null : seconds,
  run: ({ id }) => id,
};

/** Returns a line of the columns' names, and one for each run. */
export function runsCsv(runs: readonly Run[]): string {
  const rows = runs.map((run) => Object.values(COLUMNS).map((column) => column(run)));
  return [Object.keys(COLUMNS), ...rows]
    .map((fields) => `${fields.map(csvField).join(",")}\r\n`).join("");
}

function idsOf(checks: readonly CheckVerdict[]): string {
  return checks.map(({ id }) => id).join(" ");
}
