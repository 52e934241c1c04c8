/** What a client has printed, as far as it is kept. */

/** So many characters are kept: a client that prints without end must not fill the memory. */
const MOST = 1 << 20;

/** Lines as they come. */
export class Printed {
  /** The last line, however many there were; empty without any. */
  last = "";
  /** Whether there was any. */
  any = false;
  readonly #kept: string[] = [];
  readonly #most: number;
  #length = 0;

  /** @param most Characters that are kept. */
  constructor(most: number = MOST) {
    this.#most = most;
  }

  /** Takes the next line. */
  take(line: string): void {
    this.any = true;
    this.last = line;
    if (this.#length + line.length > this.#most) {
      this.#length = Infinity; // Nothing behind a gap is kept, short as it may be.
      return;
    }
    this.#length += line.length + 1;
    this.#kept.push(line);
  }

  /** The lines from the first on, as many as are kept. */
  get text(): string {
    return this.#kept.join("\n");
  }
}
