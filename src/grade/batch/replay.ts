/** Two gradings of one submission with the same inputs, side by side. Pure. */
import type { Verdict } from "../check.ts";
import type { GradeResult } from "../result.ts";

/** A check that came to another verdict. */
export interface Difference {
  id: string;
  before: Verdict;
  now: Verdict;
}

/** Returns the checks whose verdicts differ, in the order of the first. */
export function differencesOf(before: GradeResult, now: GradeResult): Difference[] {
  const verdicts = new Map(now.checks.map(({ id, verdict }) => [id, verdict]));
  return before.checks.flatMap(({ id, verdict }) => {
    const again = verdicts.get(id);
    return again === undefined || again === verdict ? [] : [{ id, before: verdict, now: again }];
  });
}
