/** The batch as JSON, version 1; `batch.schema.json` says it for others. Pure. */
import type { GradeResult } from "../result.ts";
import { type GradedBatch, type Outcome, outcomeOf } from "./graded.ts";

/** What `results.json` holds. */
export interface BatchDocument {
  v: 1;
  lab: string;
  title: string;
  seed: string;
  started: string;
  seconds: number;
  submissions: {
    name: string;
    outcome: Outcome;
    /** Why it was rejected, in one line. */
    rejected: string | null;
    result: GradeResult | null;
  }[];
}

/** Returns the document. */
export function json({ lab, title, seed, started, seconds, submissions }: GradedBatch): string {
  const document: BatchDocument = {
    ...{ v: 1, lab, title, seed, started, seconds },
    submissions: submissions.map((one) => ({
      name: one.name,
      outcome: outcomeOf(one),
      rejected: one.rejected,
      result: one.result,
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
