/**
 * The numbers of requests, from the numbers of packets: the link counts fragments and other packets too.
 */

/**
 * Numbers requests in order of their coming to the link. Where all packets are one client's, and as long as every packet
 * was a request, the number is the packet's, at once; otherwise it is known when all packets before it are.
 */
export class Numbering {
  /** Every packet up to this one is known. */
  #known: number;
  readonly #after: number;
  readonly #shared: boolean;
  #beyond = new Set<number>();
  /** Packets that begin no request, ascending. */
  #others: number[] = [];
  #used = new Set<number>();

  /**
   * @param after Packets up to this one count for nothing, and may never be heard of. Default 0.
   * @param shared Whether others' packets are numbered with them. Default false.
   */
  constructor({ after = 0, shared = false }: { after?: number; shared?: boolean } = {}) {
    this.#known = this.#after = after;
    this.#shared = shared;
  }

  /** Notes that packet `n` is known, and whether it may begin a request. */
  see(n: number, begins: boolean): void {
    if (n <= this.#after) return;
    this.#beyond.add(n);
    while (this.#beyond.delete(this.#known + 1)) this.#known++;
    if (begins) return;
    let at = this.#others.length;
    while (at > 0 && this.#others[at - 1]! > n) at--;
    this.#others.splice(at, 0, n);
  }

  /** The number of the request that began with packet `n`; null if not known yet, unless `now`. */
  numberOf(n: number, now = false): number | null {
    const counts = this.#shared || this.#others.length > 0;
    if (!now && counts && this.#known < n - 1) return null;
    let number = n - this.#after - this.#othersBefore(n);
    // Two can only meet if fragments came to light after a number was given.
    while (this.#used.has(number)) number++;
    this.#used.add(number);
    return number;
  }

  #othersBefore(n: number): number {
    let low = 0, high = this.#others.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#others[middle]! < n) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
