/** What a model counts. */

/**
 * What one direction counted since the model was made. At any time
 * `seen + duplicated = delivered + lost + queued + discarded` (the last two are the model's).
 */
export interface NetemCounts {
  /** Packets that came. */
  seen: number;
  /** Copies that left, duplicates included. */
  delivered: number;
  /** Packets of which no copy left or will: lost by chance, by script, to a full queue, or drained. */
  lost: number;
  /** Copies that were added. */
  duplicated: number;
  /** Copies that left with a bit flipped. */
  corrupted: number;
  /** Packets of which a copy was chosen to overtake the queue. */
  reordered: number;
  /** Packets refused because the queue was full; they are among the lost. */
  dropped_full: number;
}

/** Counts of a model that has seen nothing yet. */
export function noCounts(): NetemCounts {
  return {
    seen: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    reordered: 0,
    dropped_full: 0,
  };
}
