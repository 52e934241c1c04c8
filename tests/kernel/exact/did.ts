/** What a recording tells of a netem, in order. */

/** Kinds of events, each with a value. */
export const Did = {
  /** A packet comes; no value. A duplicate comes before its original's `cameAt`. */
  comes: 0,
  /** The clock as the packet was given its time: ns. */
  cameAt: 1,
  /** The packet is in the queue (0), or what the kernel answers instead. */
  answered: 2,
  /** The clock as the queue is looked at for what is due: ns. */
  lookedAt: 3,
  /** A packet leaves; the value is the time that it had been given: ns. */
  leaves: 4,
} as const;
