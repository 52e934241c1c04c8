/**
 * Room for the packets that are inside the link: slots of one size in chunks that are never given back.
 *
 * A packet's slot is named by a number (the model's token). Views are made once a slot, so that the steady state
 * allocates nothing.
 */
export class Slots {
  readonly size: number;
  readonly #perChunk = 256;
  /** By slot: its bytes, its number in its direction, its length on the wire, and how many copies are still inside. */
  readonly views: Uint8Array<ArrayBuffer>[] = [];
  readonly numbers: number[] = [];
  readonly lengths: number[] = [];
  readonly references: number[] = [];
  readonly #free: number[] = [];

  /** @param size Bytes a slot: the largest packet that can come. */
  constructor(size: number) {
    this.size = size;
    this.#grow();
  }

  #grow(): void {
    const memory = new ArrayBuffer(this.size * this.#perChunk);
    const first = this.views.length;
    for (let i = this.#perChunk - 1; i >= 0; i--) this.#free.push(first + i);
    for (let i = 0; i < this.#perChunk; i++) {
      this.views.push(new Uint8Array(memory, i * this.size, this.size));
      this.numbers.push(0);
      this.lengths.push(0);
      this.references.push(0);
    }
  }

  /** A free slot. */
  take(): number {
    if (this.#free.length === 0) this.#grow();
    return this.#free.pop()!;
  }

  /** Gives one slot back. */
  give(slot: number): void {
    this.#free.push(slot);
  }

  /** How many slots are in use. */
  get used(): number {
    return this.views.length - this.#free.length;
  }
}
