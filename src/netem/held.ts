/** Copies that a script holds back until the packet of another number has left or was lost. */
export class HeldCopies {
  readonly #held: { row: number; until: number }[] = [];

  /** How many wait. */
  get length(): number {
    return this.#held.length;
  }

  /** Holds the copy in `row` until packet number `until`. */
  hold(row: number, until: number): void {
    this.#held.push({ row, until });
  }

  /** Takes the row that has waited longest; -1 where none waits. */
  take(): number {
    return this.#held.shift()?.row ?? -1;
  }

  /** Lets go all that wait for packet `n`: `free` gets their rows, the last that came first. */
  letGo(n: number, free: (row: number) => void): void {
    for (let index = this.#held.length - 1; index >= 0; index--) {
      const held = this.#held[index];
      if (held === undefined || held.until !== n) continue;
      this.#held.splice(index, 1);
      free(held.row);
    }
  }
}
