/** What `lab grades --json` prints, version 1; `grades.schema.json` says it for others. Pure. */
import type { GradeResult } from "../result.ts";
import type { Comparison } from "./compare.ts";
import type { Run } from "./run.ts";

/** Runs of the gradebook as documents. */
export type GradesDocument =
  | { runs: readonly Run[] }
  | { run: Run; result: GradeResult | null }
  | Comparison;

/** Returns the document as text. */
export function gradesJson(document: GradesDocument): string {
  return `${JSON.stringify({ v: 1, ...document }, null, 2)}\n`;
}
