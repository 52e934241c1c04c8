/**
 * A ring of records in shared memory, from the thread that moves packets to the one that writes them down.
 *
 * One writer, one reader, no locks. A record is 32 bytes of header and as much of the packet as is kept; what does not
 * fit is counted as missed and never waited for: the wire must not stall because a disk does.
 */
import { NetemCause } from "../netem/mod.ts";

/** What a record says. */
export const RecordType = {
  /** Filler up to the end of the ring. */
  skip: 0,
  /** A packet came, and this was decided. */
  packet: 1,
  /** A copy left. */
  copy: 2,
  /** A queued copy was dropped because the run ended. */
  drop: 3,
  /** The answer to a command: JSON. */
  answer: 4,
  /** A run begins: what follows is counted from 1. */
  begin: 5,
  /** No more copies will leave of a packet whose number of copies was open: how many did, why, and the flags. */
  fate: 6,
} as const;

/** Stands for the number of copies where that is still open: a record of type `fate` tells it later. */
export const openCopies = 255;

/** Why a packet met its fate, as a record has it: the model's causes, and the run's end. */
export const RecordCause = { ...NetemCause, end: 4 } as const;

/** Flags of a record. */
export const RecordFlag = { corrupted: 1, reordered: 2, marked: 4 } as const;

const header = 8; // words
const control = 4; // words before the ring: head, tail, missed, waiting
/** Words kept free for answers (at most a quarter of a ring): a slow reader of records must not delay a command. */
const reserve = 16 * 1024;

/** The shared memory of a ring of `bytes` (a power of two). */
export function createRing(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes + control * 4);
}

/** The writer's end. */
export class RingWriter {
  readonly #control: Int32Array;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #double = new Float64Array(1);
  readonly #halves = new Int32Array(this.#double.buffer);
  /** Whether something was written since the reader was last woken. */
  #news = false;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, control);
    this.#words = new Int32Array(memory, control * 4);
    this.#bytes = new Uint8Array(memory, control * 4);
  }

  /**
   * Writes a record. Call {@linkcode wake} after a burst of them.
   *
   * @param kept Bytes of `data` to keep.
   * @returns False where the ring was full; the record is then counted as missed.
   */
  write(
    type: number,
    direction: number,
    n: number,
    time: number,
    length: number,
    copies: number,
    cause: number,
    flags: number,
    data: Uint8Array | null,
    kept: number,
  ): boolean {
    const words = this.#words, capacity = words.length;
    const need = header + ((kept + 3) >> 2);
    const head = this.#control[0]!;
    const tail = Atomics.load(this.#control, 1);
    const spare = type === RecordType.answer ? 0 : Math.min(reserve, capacity >> 2);
    const free = capacity - spare - ((head - tail) | 0);
    let at = head & (capacity - 1);
    const rest = capacity - at;
    const skipped = rest < need ? rest : 0;
    if (free < need + skipped) {
      this.#control[2]!++;
      return false;
    }
    if (skipped > 0) {
      words[at] = skipped;
      words[at + 1] = RecordType.skip;
      at = 0;
    }
    words[at] = need;
    words[at + 1] = type | (direction << 8) | (copies << 16) | (flags << 24);
    words[at + 2] = n;
    words[at + 3] = length;
    this.#double[0] = time;
    words[at + 4] = this.#halves[0]!;
    words[at + 5] = this.#halves[1]!;
    words[at + 6] = cause;
    words[at + 7] = kept;
    if (data !== null && kept > 0) {
      this.#bytes.set(kept === data.length ? data : data.subarray(0, kept), (at + header) * 4);
    }
    Atomics.store(this.#control, 0, (head + skipped + need) | 0);
    this.#news = true;
    return true;
  }

  /** Writes what must arrive: where the ring is full, its reader is at work and will make room. */
  writeSurely(type: number, bytes: Uint8Array | null): void {
    while (!this.write(type, 0, 0, 0, 0, 0, 0, 0, bytes, bytes?.length ?? 0)) {
      // Waiting is no loss.
      this.#control[2]!--;
      this.#news = true;
      this.wake();
    }
    this.wake();
  }

  /** Wakes the reader if it waits and there is news for it; cheap otherwise. */
  wake(): void {
    if (!this.#news) return;
    this.#news = false;
    if (Atomics.load(this.#control, 3) === 1) {
      Atomics.store(this.#control, 3, 0);
      Atomics.notify(this.#control, 3);
    }
  }

  /** Records that found no room since this was last asked. */
  takeMissed(): number {
    const missed = this.#control[2]!;
    this.#control[2] = 0;
    return missed;
  }
}

/** A record as the reader sees it; `data` is a copy. */
export interface RingRecord {
  type: number;
  direction: number;
  n: number;
  /** Nanoseconds since `begin`. */
  time: number;
  /** Bytes of the packet on the wire. */
  length: number;
  copies: number;
  cause: number;
  flags: number;
  data: Uint8Array<ArrayBuffer>;
}

/** The reader's end. */
export class RingReader {
  readonly #control: Int32Array<SharedArrayBuffer>;
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #double = new Float64Array(1);
  readonly #halves = new Int32Array(this.#double.buffer);
  #ended = false;

  constructor(memory: SharedArrayBuffer) {
    this.#control = new Int32Array(memory, 0, control);
    this.#words = new Int32Array(memory, control * 4);
    this.#bytes = new Uint8Array(memory, control * 4);
  }

  /** The next record, or null where there is none yet. */
  read(): RingRecord | null {
    const words = this.#words, mask = words.length - 1;
    for (;;) {
      const tail = this.#control[1]!;
      if (tail === Atomics.load(this.#control, 0)) return null;
      const at = tail & mask;
      const size = words[at]!, tags = words[at + 1]!;
      if ((tags & 0xff) === RecordType.skip) {
        Atomics.store(this.#control, 1, (tail + size) | 0);
        continue;
      }
      this.#halves[0] = words[at + 4]!;
      this.#halves[1] = words[at + 5]!;
      const kept = words[at + 7]!;
      const data = new Uint8Array(kept);
      data.set(this.#bytes.subarray((at + header) * 4, (at + header) * 4 + kept));
      const record: RingRecord = {
        type: tags & 0xff,
        direction: (tags >> 8) & 0xff,
        copies: (tags >> 16) & 0xff,
        flags: (tags >> 24) & 0xff,
        n: words[at + 2]! >>> 0,
        time: this.#double[0]!,
        length: words[at + 3]!,
        cause: words[at + 6]!,
        data,
      };
      Atomics.store(this.#control, 1, (tail + size) | 0);
      return record;
    }
  }

  /** Settles once there is something to read, or the reader was ended. */
  async wait(): Promise<void> {
    const control = this.#control;
    while (!this.#ended) {
      Atomics.store(control, 3, 1);
      if (control[1] !== Atomics.load(control, 0)) return;
      const waiting = Atomics.waitAsync(control, 3, 1);
      if (waiting.async) await waiting.value;
    }
  }
  /** Waits no more: who waits for what never comes would hold the memory for ever. */
  end(): void {
    this.#ended = true;
    Atomics.notify(this.#control, 3);
  }
}
