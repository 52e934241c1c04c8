/**
 * How many lines a run may say as it goes: where more happens than anybody reads, a line a second sums it up.
 */
import type { LinkEvent } from "../packet/mod.ts";

/** So many lines at once are told one by one, and so many more in each second. */
const MOST_AT_ONCE = 40, MOST_A_SECOND = 20;

/** Decides which lines are said, by the time that the events tell. */
export class LineBudget {
  #left = MOST_AT_ONCE;
  #second = 0;
  /** Asked for in this second, whether said or not. */
  #asked = 0;
  #muted = false;

  /** Whether one more line may be said now. Where it may not, none is until a quiet second has gone by. */
  take(): boolean {
    this.#asked++;
    if (this.#muted) return false;
    if (this.#left < 1) {
      this.#muted = true;
      return false;
    }
    this.#left--;
    return true;
  }

  /** Notes how late it is; returns whether a line should sum up what was not said since the last. */
  advance(event: LinkEvent): boolean {
    const us = "t_us" in event ? event.t_us : 0;
    const second = Math.floor(us / 1e6);
    if (second <= this.#second) return false;
    this.#left = Math.min(MOST_AT_ONCE, this.#left + MOST_A_SECOND * (second - this.#second));
    this.#second = second;
    const due = this.#muted;
    if (this.#asked <= MOST_A_SECOND) this.#muted = false;
    this.#asked = 0;
    return due;
  }
}
