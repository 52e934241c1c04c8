/** What became of the submissions of a batch. */
import { type Graded, outcomeOf } from "../report/mod.ts";
import { statusOf } from "../result.ts";
import type { JournalEntry } from "./journal.ts";

/** A submission of a batch, and what became of it. */
export interface Ended extends Graded {
  entry: JournalEntry;
  /** Why it was not graded to its end, in one line: not its own fault; null where it was, or was rejected. */
  fault: string | null;
  /** Whether it was graded before the batch was resumed. */
  kept: boolean;
}

/**
 * Returns the exit status of a batch, the worst of its submissions': 3 where something could not be judged, 2 where one was
 * rejected, 1 where points were lost, else 0.
 */
export function batchStatus(all: readonly Graded[]): number {
  return Math.max(
    0,
    ...all.map((one) => {
      const outcome = outcomeOf(one);
      if (outcome === "graded") return statusOf(one.result!.checks);
      return outcome === "rejected" ? 2 : 3;
    }),
  );
}
