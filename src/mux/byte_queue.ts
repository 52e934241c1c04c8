/**
 * Bytes that wait to be read, in a ring of fixed size.
 */

/** First in, first out. */
export class ByteQueue {
  readonly #capacity: number;
  /** Made when something comes: most channels carry a line or two one way and nothing the other. */
  #bytes: Uint8Array | null = null;
  #first = 0;
  #length = 0;

  /** @param capacity Bytes that it holds at most. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes that wait. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds a copy of the bytes.
   *
   * @returns False where there is no room for all of them: then none is added.
   */
  put(bytes: Uint8Array): boolean {
    if (this.#length + bytes.length > this.#capacity) return false;
    const ring = this.#bytes ??= new Uint8Array(this.#capacity);
    const at = (this.#first + this.#length) % this.#capacity;
    const straight = Math.min(bytes.length, this.#capacity - at);
    ring.set(bytes.subarray(0, straight), at);
    ring.set(bytes.subarray(straight));
    this.#length += bytes.length;
    return true;
  }

  /** Moves the first bytes out: how many. */
  take(into: Uint8Array): number {
    const count = Math.min(into.length, this.#length);
    if (count === 0) return 0;
    const straight = Math.min(count, this.#capacity - this.#first);
    into.set(this.#bytes!.subarray(this.#first, this.#first + straight));
    into.set(this.#bytes!.subarray(0, count - straight), straight);
    this.#first = (this.#first + count) % this.#capacity;
    this.#length -= count;
    return count;
  }

  /** Drops all of them, and the memory. */
  clear(): void {
    this.#bytes = null;
    this.#first = this.#length = 0;
  }
}
