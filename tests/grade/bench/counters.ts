/** Counters that only grow, of things that come and go. Pure. */

/** Sums how far they have grown since the first look; what comes later counts from nothing. */
export class Counters {
  readonly #first = new Map<string, number>();
  readonly #last = new Map<string, number>();
  #looked = false;

  /** Takes what a look has found, by name. What a counter had come to when it was last seen stays. */
  take(found: ReadonlyMap<string, number>): void {
    for (const [name, value] of found) {
      if (!this.#looked) this.#first.set(name, value);
      this.#last.set(name, value);
    }
    this.#looked = true;
  }

  /** How far all of them have grown. */
  get grown(): number {
    return [...this.#last].reduce((sum, [name, value]) => sum + value - this.#before(name), 0);
  }

  #before(name: string): number {
    return this.#first.get(name) ?? 0;
  }
}
