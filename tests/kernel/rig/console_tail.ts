/** The end of what a rig's console shows: all there is to see of a kernel that died. Pure. */

/** Keeps the last lines of a text that arrives in pieces, and tells when a line has come. */
export class ConsoleTail {
  #text = "";
  readonly #waiting = new Map<string, () => void>();

  /** @param size How many characters are kept. */
  constructor(readonly size = 64_000) {}

  /** Takes the next piece. */
  add(piece: string): void {
    this.#text = (this.#text + piece.replaceAll("\r", "")).slice(-this.size);
    for (const [words, tell] of this.#waiting) {
      if (!this.#text.includes(words)) continue;
      this.#waiting.delete(words);
      tell();
    }
  }

  /** Resolves once these words have been shown. */
  shown(words: string): Promise<void> {
    if (this.#text.includes(words)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.set(words, resolve));
  }

  /** The last lines. After a panic: from its first line on. */
  lines(count = 40): string[] {
    const lines = this.#text.split("\n").filter((line) => line.trim() !== "");
    const first = lines.findIndex((line) =>
      /\] (?:Oops|BUG:|Kernel panic|general protection)/.test(line)
    );
    return first === -1 ? lines.slice(-count) : lines.slice(first, first + count);
  }
}
