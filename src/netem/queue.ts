/**
 * The queue of packets waiting for their time: sorted by time, arrival order kept among equals.
 *
 * A packet is a row in typed arrays, named by its index ("slot of the pool"). Packets that come in
 * the order of their times (no jitter) go through a ring, others through a binary heap; nothing is
 * allocated per packet once the arrays have grown to the longest queue seen.
 */

const NONE = -1;

/** The rows of all packets in the link, and those waiting in order of time. */
export class PacketQueue {
  /** The caller's name of the packet. */
  token = new Float64Array(16);
  /** Frame length. */
  bytes = new Float64Array(16);
  /** The packet's number in its direction. */
  number = new Float64Array(16);
  /** When it may leave, ns. */
  time = new Float64Array(16);
  /** -1, or the random number that picks the bit to flip. */
  corruptBit = new Float64Array(16);
  /** 0 the original, 1 the duplicate. */
  copy = new Uint8Array(16);
  /** 1 where it is to leave with an ECN mark. */
  marked = new Uint8Array(16);
  /** The row of the packet's other copy while that waits too, or -1. */
  mate = new Int32Array(16);
  /** 1 where the packet's other copy has left. */
  mateLeft = new Uint8Array(16);

  #order = new Float64Array(16);
  #free = new Int32Array(16);
  #freeCount = 0;
  #rows = 0;

  #ring = new Int32Array(16);
  #ringFirst = 0;
  #ringCount = 0;
  #ringLast = 0;
  #heap = new Int32Array(16);
  #heapCount = 0;
  #arrivals = 0;
  #ready = new Int32Array(16);
  #readyFirst = 0;
  #readyCount = 0;

  /** Packets waiting in order of time. */
  get length(): number {
    return this.#ringCount + this.#heapCount;
  }

  /** The latest time among those waiting; meaningless when none waits. */
  lastTime = 0;

  /** Packets that may leave at once, before those in line. */
  get readyLength(): number {
    return this.#readyCount;
  }

  /** A fresh row, holding no packet yet. */
  take(): number {
    if (this.#freeCount > 0) return this.#free[--this.#freeCount] as number;
    if (this.#rows === this.token.length) this.#grow();
    return this.#rows++;
  }

  /** Makes a row the packet's: whole, unmarked, without another copy. */
  fill(row: number, token: number, bytes: number, number: number): void {
    this.token[row] = token;
    this.bytes[row] = bytes;
    this.number[row] = number;
    this.corruptBit[row] = NONE;
    this.copy[row] = 0;
    this.marked[row] = 0;
    this.mate[row] = NONE;
    this.mateLeft[row] = 0;
  }

  /** Makes two rows the copies of one packet. */
  pair(one: number, other: number): void {
    this.mate[one] = other;
    this.mate[other] = one;
  }

  /** Gives a row back once its packet has left. */
  release(row: number): void {
    this.#free[this.#freeCount++] = row;
  }

  /** Puts a row in line at its time. */
  insert(row: number): void {
    const time = this.time[row] as number;
    this.#order[row] = this.#arrivals++;
    this.lastTime = this.length === 0 ? time : Math.max(this.lastTime, time);
    if (this.#ringCount === 0 || time >= this.#ringLast) {
      this.#ring[(this.#ringFirst + this.#ringCount++) & (this.#ring.length - 1)] = row;
      this.#ringLast = time;
    } else {
      this.#push(row);
    }
  }

  /** The row that leaves next, or -1. */
  peek(): number {
    if (this.#heapCount === 0) {
      return this.#ringCount === 0 ? NONE : this.#ring[this.#ringFirst] as number;
    }
    const top = this.#heap[0] as number;
    if (this.#ringCount === 0) return top;
    const first = this.#ring[this.#ringFirst] as number;
    return this.#before(top, first) ? top : first;
  }

  /** Takes the row that leaves next out of line (it stays taken until released), or -1. */
  pop(): number {
    const row = this.peek();
    if (row === NONE) return NONE;
    if (this.#ringCount > 0 && row === this.#ring[this.#ringFirst]) {
      this.#ringFirst = (this.#ringFirst + 1) & (this.#ring.length - 1);
      this.#ringCount--;
    } else {
      this.#popHeap();
    }
    return row;
  }

  /** Puts a row behind those that may leave at once. */
  pushReady(row: number): void {
    this.#ready[(this.#readyFirst + this.#readyCount++) & (this.#ready.length - 1)] = row;
  }

  /** Puts a row before those that may leave at once. */
  pushReadyFirst(row: number): void {
    this.#readyFirst = (this.#readyFirst - 1) & (this.#ready.length - 1);
    this.#readyCount++;
    this.#ready[this.#readyFirst] = row;
  }

  /** The first row that may leave at once, or -1. */
  peekReady(): number {
    return this.#readyCount === 0 ? NONE : this.#ready[this.#readyFirst] as number;
  }

  /** Takes the first row that may leave at once; one must be there. */
  popReady(): number {
    const row = this.#ready[this.#readyFirst] as number;
    this.#readyFirst = (this.#readyFirst + 1) & (this.#ready.length - 1);
    this.#readyCount--;
    return row;
  }

  #before(a: number, b: number): boolean {
    const difference = (this.time[a] as number) - (this.time[b] as number);
    return difference < 0 ||
      (difference === 0 && (this.#order[a] as number) < (this.#order[b] as number));
  }

  #push(row: number): void {
    const heap = this.#heap;
    let at = this.#heapCount++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as number;
      if (!this.#before(row, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = row;
  }

  #popHeap(): void {
    const heap = this.#heap;
    const count = --this.#heapCount;
    if (count === 0) return;
    const row = heap[count] as number;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#before(heap[child + 1] as number, heap[child] as number)) {
        child++;
      }
      const below = heap[child] as number;
      if (!this.#before(below, row)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = row;
  }

  #grow(): void {
    const size = this.token.length * 2;
    this.token = longer(this.token, new Float64Array(size));
    this.bytes = longer(this.bytes, new Float64Array(size));
    this.number = longer(this.number, new Float64Array(size));
    this.time = longer(this.time, new Float64Array(size));
    this.corruptBit = longer(this.corruptBit, new Float64Array(size));
    this.copy = longer(this.copy, new Uint8Array(size));
    this.marked = longer(this.marked, new Uint8Array(size));
    this.mate = longer(this.mate, new Int32Array(size));
    this.mateLeft = longer(this.mateLeft, new Uint8Array(size));
    this.#order = longer(this.#order, new Float64Array(size));
    this.#free = longer(this.#free, new Int32Array(size));
    this.#heap = longer(this.#heap, new Int32Array(size));
    this.#ring = unrolled(this.#ring, this.#ringFirst, this.#ringCount, size);
    this.#ringFirst = 0;
    this.#ready = unrolled(this.#ready, this.#readyFirst, this.#readyCount, size);
    this.#readyFirst = 0;
  }
}

function unrolled(ring: Int32Array<ArrayBuffer>, first: number, count: number, size: number) {
  const wider = new Int32Array(size);
  for (let i = 0; i < count; i++) wider[i] = ring[(first + i) & (ring.length - 1)] as number;
  return wider;
}

function longer<T extends Float64Array | Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
