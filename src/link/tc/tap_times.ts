/**
 * The taps' times are those of the clock of the day, which may be set at any moment. Held to what a clock says that may
 * not: a frame came after the look before it was found, and before now.
 */

/** Nanoseconds between a tap's look at its clock and the frame's being there, where the processor was taken away between. */
const unseen = 10e6;

/** Holds times of frames. */
export class TapTimes {
  readonly #now: () => number;
  #before = -Infinity;
  #latest = -Infinity;

  /** @param now A clock that nobody sets: nanoseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** From here on frames are found that were not there when this was last called. */
  look(): void {
    this.#before = this.#latest;
    this.#latest = this.#now();
  }

  /** The time of a frame, from what the clock of the day makes it. */
  held(time: number): number {
    if (time < this.#before - unseen) return this.#before;
    if (time <= this.#latest) return time;
    this.#latest = this.#now();
    return Math.min(time, this.#latest);
  }
}
