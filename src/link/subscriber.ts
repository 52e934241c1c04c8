/**
 * One reader of a stream that the link produces faster than the reader may read it.
 */

/** Bytes that may wait for a reader before the link's record waits for it. */
const highWater = 4 * 1024 * 1024;
/** How long the record waits for a reader that reads nothing before it is cut off, in milliseconds. */
const defaultPatience = 2000;

/** Writes in order, in large pieces, and lets its owner wait. */
export class Subscriber {
  readonly #conn: { write(bytes: Uint8Array): Promise<number>; close(): void };
  #queue: Uint8Array[] = [];
  #queued = 0;
  #writing: Promise<void> | null = null;
  #written = 0;
  #closed = false;
  readonly #patience: number;
  /** Settles when the reader is gone. */
  readonly gone: Promise<void>;
  readonly #leave: () => void;

  /** @param options `patience`: milliseconds without progress after which a reader is cut off. Default 2000. */
  constructor(
    conn: { write(bytes: Uint8Array): Promise<number>; close(): void },
    options: { patience?: number } = {},
  ) {
    this.#conn = conn;
    this.#patience = options.patience ?? defaultPatience;
    const gone = Promise.withResolvers<void>();
    this.gone = gone.promise;
    this.#leave = gone.resolve;
  }

  /** Queues bytes; never blocks. */
  send(bytes: Uint8Array): void {
    if (this.#closed) return;
    this.#queue.push(bytes);
    this.#queued += bytes.length;
    this.#writing ??= this.#write();
  }

  async #write(): Promise<void> {
    // Let the burst of records that is being handed over gather first: one write for many.
    await Promise.resolve();
    while (this.#queue.length > 0 && !this.#closed) {
      const bytes = join(this.#queue, this.#queued);
      this.#queue = [];
      try {
        for (let done = 0; done < bytes.length;) {
          const count = await this.#conn.write(bytes.subarray(done));
          done += count;
          this.#written += count;
        }
      } catch {
        this.close();
      }
      this.#queued = this.#queue.reduce((sum, piece) => sum + piece.length, 0);
    }
    this.#writing = null;
  }

  /** Settles once the reader keeps up again; one that reads nothing for long is cut off. */
  async keepUp(): Promise<void> {
    if (this.#queued >= highWater) await this.flush();
  }

  /** Settles once all that was queued is written, or the reader is gone; one that reads nothing for long is cut off. */
  async flush(): Promise<void> {
    while (this.#writing !== null && !this.#closed) {
      const before = this.#written;
      const late = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        if (this.#written === before) this.close();
        late.resolve();
      }, this.#patience);
      await Promise.race([this.#writing, late.promise, this.gone]);
      clearTimeout(timer);
    }
  }

  /** Ends the stream. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#queued = 0;
    try {
      this.#conn.close();
    } catch {
      // The reader was faster.
    }
    this.#leave();
  }
}

function join(pieces: Uint8Array[], length: number): Uint8Array {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
