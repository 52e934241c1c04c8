/**
 * JSON lines over a connection (RFC 8259 texts, each ended by a line feed), and the bytes behind them.
 */

/** Longest line taken, in bytes: a peer that never ends its line must not fill the memory. */
const longest = 1024 * 1024;

/** A connection read line by line, until one asks for the rest as it is. */
export class LineStream {
  readonly #source: { read(into: Uint8Array): Promise<number | null> };
  #buffer = new Uint8Array(0);
  #ended = false;

  /** @param source What is read; reading may reject once it is closed, which counts as its end. */
  constructor(source: { read(into: Uint8Array): Promise<number | null> }) {
    this.#source = source;
  }

  async #more(): Promise<void> {
    const chunk = new Uint8Array(65536);
    const count = await this.#source.read(chunk).catch(() => null);
    if (count === null) {
      this.#ended = true;
      return;
    }
    const joined = new Uint8Array(this.#buffer.length + count);
    joined.set(this.#buffer);
    joined.set(chunk.subarray(0, count), this.#buffer.length);
    this.#buffer = joined;
  }

  /**
   * The next line's value; null at the end, where a line without its end is dropped.
   *
   * @throws {SyntaxError} Where the line is not JSON, or too long.
   */
  async readJson(): Promise<unknown> {
    let searched = 0;
    for (;;) {
      const end = this.#buffer.indexOf(10, searched);
      if (end >= 0) {
        const line = this.#buffer.subarray(0, end);
        this.#buffer = this.#buffer.subarray(end + 1);
        return JSON.parse(new TextDecoder().decode(line));
      }
      searched = this.#buffer.length;
      if (searched > longest) throw new SyntaxError(`Send lines of at most ${longest} bytes`);
      if (this.#ended) return null;
      await this.#more();
    }
  }

  /** All bytes behind the lines read so far. @param onCancel Called when the reader wants no more. */
  readBytes(onCancel?: () => void): ReadableStream<Uint8Array> {
    return new ReadableStream({
      cancel: onCancel,
      pull: async (controller) => {
        if (this.#buffer.length === 0 && !this.#ended) await this.#more();
        if (this.#buffer.length > 0) controller.enqueue(this.#buffer);
        this.#buffer = new Uint8Array(0);
        if (this.#ended) controller.close();
      },
    });
  }
}

/** A value as a line of bytes. */
export function jsonLine(value: unknown): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(value)}\n`);
}
