/** Lines at the end of a terminal's output that are drawn anew in their place. */
import type { Output } from "./verb.ts";

/** What is drawn, over what was drawn before. */
export class LiveBlock {
  readonly #output: Pick<Output, "out">;
  #height = 0;

  constructor(output: Pick<Output, "out">) {
    this.#output = output;
  }

  /** Draws these lines in the place of those before; each is cut where the terminal ends. */
  draw(lines: readonly string[]): void {
    // Line by line over the old ones, and written at once: nothing is ever seen empty. Not wrapped meanwhile: a name may
    // be wider than it has characters.
    const body = lines.map((line) => `${line}\x1b[K\n`).join("");
    this.#output.out(`${this.#start}\x1b[?7l${body}\x1b[?7h\x1b[J`);
    this.#height = lines.length;
  }

  /** Takes them away: what is printed next stands in their place. */
  erase(): void {
    if (this.#height > 0) this.#output.out(`${this.#start}\x1b[J`);
    this.#height = 0;
  }

  get #start(): string {
    return this.#height === 0 ? "\r" : `\r\x1b[${this.#height}A`;
  }
}
