/** What a regrade changed: the last two runs of each submission, side by side. Pure. */
import type { Verdict } from "../check.ts";
import { bySubmission } from "./one_each.ts";
import type { Run } from "./run.ts";

/** A submission whose last two runs came to different things. */
export interface RunDifference {
  lab: string;
  submission: string;
  before: Run;
  after: Run;
  /** The checks that came to another verdict, in their order; null where a run did not have one. */
  checks: { id: string; before: Verdict | null; after: Verdict | null }[];
}

/** The last two runs of all submissions. */
export interface Comparison {
  /** How many submissions were run twice. */
  compared: number;
  /** How many were run once, so that there is nothing to compare. */
  once: number;
  /** By lab and name. */
  differences: RunDifference[];
}

/** Compares the last two runs of each submission of each lab, among these, which are in the order in which they began. */
export function compareLast(runs: readonly Run[]): Comparison {
  const pairs = bySubmission(runs).map((own) => own.slice(-2));
  const twice = pairs.flatMap(([before, after]) => after === undefined ? [] : [[before!, after]]);
  return {
    compared: twice.length,
    once: pairs.length - twice.length,
    differences: twice.flatMap(([before, after]) => differenceOf(before!, after!)),
  };
}

function differenceOf(before: Run, after: Run): RunDifference[] {
  const verdicts = ({ checks }: Run) => new Map(checks.map(({ id, verdict }) => [id, verdict]));
  const [old, now] = [verdicts(before), verdicts(after)];
  // Between a graded and a rejected run, that is the difference, not each of its checks.
  const ids = before.outcome === after.outcome ? new Set([...now.keys(), ...old.keys()]) : [];
  const checks = [...ids].map((id) => ({
    id,
    before: old.get(id) ?? null,
    after: now.get(id) ?? null,
  })).filter((check) => check.before !== check.after);
  const same = checks.length === 0 && before.outcome === after.outcome &&
    before.score === after.score && before.max_score === after.max_score;
  return same ? [] : [{ lab: after.lab, submission: after.submission, before, after, checks }];
}
