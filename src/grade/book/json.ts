/** Runs as JSON, version 1; `runs.schema.json` says it for others. Pure. */
import type { Comparison } from "./compare.ts";
import type { Run } from "./run.ts";

/** Returns the document of a list of runs. */
export function runsJson(runs: readonly Run[]): string {
  return `${JSON.stringify({ v: 1, runs }, null, 2)}\n`;
}

/** Returns the document of a comparison. */
export function comparisonJson(comparison: Comparison): string {
  return `${JSON.stringify({ v: 1, ...comparison }, null, 2)}\n`;
}
