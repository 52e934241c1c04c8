/** What is asked of `measure.ts`, and what it answers. */

/** Datagrams sent one way through an impairment. */
export interface ToMeasure {
  /** The impairment: tc's words, without a seed. */
  profile: string;
  packets: number;
  /** Microseconds from one to the next. */
  gapUs: number;
  /** How long the last may take, ms: the wait for those that were not lost. */
  longestMs: number;
}

/** What came of them. */
export interface Arrivals {
  /** Of each that came, from before it was sent to when its receiver's kernel saw it, by the clock of the wall: microseconds. */
  delaysUs: number[];
  /** The least from before one was sent until it was taken, by the monotonic clock: microseconds. */
  leastUs: number;
}

/** One way through one driver. */
export interface Measured extends Arrivals {
  driver: "kernel" | "tun";
  profile: string;
  packets: number;
}
