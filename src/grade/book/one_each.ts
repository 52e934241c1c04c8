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

/** Which runs of a submission are told: all, the last one, or the one with the most points. */
export type PickName = "all" | "latest" | "best";

/**
 * Picks runs from these, which are in the order in which they began.
 *
 * @param limit So many at most, the newest.
 * @returns All, the newest first; or one of each submission, by lab and name.
 */
export function pickRuns(runs: readonly Run[], pick: PickName, limit: number): Run[] {
  if (pick === "all") return runs.slice(-limit).reverse();
  const picked = bySubmission(runs).map(pick === "best" ? bestOf : (own) => own.at(-1)!);
  const places = new Map(runs.map((run, place) => [run, place]));
  const newest = new Set(
    picked.toSorted((a, b) => places.get(a)! - places.get(b)!).slice(-limit),
  );
  return picked.filter((run) => newest.has(run));
}

/** The last of several with as many points; a rejected one has none. */
function bestOf(own: readonly Run[]): Run {
  const points = ({ score }: Run) => score ?? -1;
  return own.reduce((found, run) => points(run) >= points(found) ? run : found);
}
