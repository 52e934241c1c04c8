/** One run for each submission of a lab. Pure. */
import type { Run } from "./run.ts";

/** Numbers in names count as numbers: lab10 comes behind lab9. */
const { compare } = new Intl.Collator("en", { numeric: true });

/**
 * Returns the runs of each submission of each lab, in the order in which they are given; by lab and name. Only runs of all
 * checks: the points of others are no grade.
 */
export function bySubmission(runs: readonly Run[]): Run[][] {
  const groups = Map.groupBy(
    runs.filter(({ whole }) => whole),
    ({ lab, submission }) => JSON.stringify([lab, submission]),
  );
  return [...groups.values()].sort(([a], [b]) =>
    compare(a!.lab, b!.lab) || compare(a!.submission, b!.submission)
  );
}

/** Returns the last run of each. */
export function latest(runs: readonly Run[]): Run[] {
  return bySubmission(runs).map((own) => own.at(-1)!);
}

/** Returns the run with the most points of each, and the last one of several with as many; a rejected one has none. */
export function best(runs: readonly Run[]): Run[] {
  const points = ({ score }: Run) => score ?? -1;
  return bySubmission(runs).map((own) =>
    own.reduce((found, run) => points(run) >= points(found) ? run : found)
  );
}
