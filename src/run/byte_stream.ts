/**
 * One direction of a TCP connection: which of its sequence numbers were sent when, arrived, were lost, were sent again.
 */
import type { Cause } from "../packet/mod.ts";
import type { Again, Loss, SegmentKind } from "./connection.ts";

/** A segment that takes up sequence numbers, counted from the SYN's. */
export interface StreamSegment {
  kind: SegmentKind;
  from: number;
  /** Behind its last. */
  to: number;
  /** Bytes of data. */
  bytes: number;
  fin: boolean;
  sent_us: number;
  /** When the first good copy arrived; null where none did. */
  arrived_us: number | null;
  /** Why it was lost; null where it was damaged, or was not lost. */
  cause: Cause | null;
}

/** What a segment brought to light. */
export interface StreamNews {
  /** Losses that are known to be made up for: their beginning was sent again. */
  repaired: Loss[];
  /** Set where the segment repeats what was not lost. */
  again: (Omit<Again, "why"> & { under_way: boolean }) | null;
  /** Whether it repeats anything at all. */
  repeats: boolean;
  /** Bytes of data that arrived for the first time. */
  bytes: number;
}

/** Sequence numbers that were always sent together. */
interface Piece {
  from: number;
  to: number;
  /** In order of sending. */
  sendings: Sending[];
}

interface Sending {
  sent_us: number;
  arrived_us: number | null;
}

/** So many pieces that are done with are remembered, in case the record tells of them late. */
const KEPT = 64;

/** One direction's sequence numbers. Segments may be told in any order that is not far from that of sending. */
export class ByteStream {
  /** Ascending, without overlap. */
  #pieces: Piece[] = [];
  /** What lies below is done with. */
  #floor = 0;
  #open: Loss[] = [];
  /** The longest time from a first sending to the sending that arrived first. */
  longestWaitUs = 0;
  /** Behind the last number sent so far. */
  high = 0;

  /** Losses of what has not arrived otherwise, nor been sent again so far. */
  get open(): Loss[] {
    return this.#open.filter(({ from }) => from >= this.#floor && this.arrival(from) === null);
  }

  /** Takes a segment, with its fate. */
  push(segment: StreamSegment): StreamNews {
    const news: StreamNews = { repaired: [], again: null, repeats: false, bytes: 0 };
    if (segment.to <= this.#floor) return { ...news, repeats: true };
    this.high = Math.max(this.high, segment.to);
    this.#repair(segment, news);
    const { sent_us, arrived_us } = segment;
    for (const piece of this.#cover(Math.max(segment.from, this.#floor), segment.to)) {
      const { sendings } = piece;
      const before = sendings.findLast((sending) => sending.sent_us < sent_us);
      if (sendings.length > 0) news.repeats = true;
      if (before && before.arrived_us !== null && piece.from === segment.from) {
        const { kind, bytes } = segment;
        const under_way = before.arrived_us > sent_us;
        news.again = { kind, bytes, after_us: sent_us - before.sent_us, under_way };
      }
      if (arrived_us !== null && sendings.every((sending) => sending.arrived_us === null)) {
        news.bytes += dataOf(piece, segment);
      }
      sendings.push({ sent_us, arrived_us });
      sendings.sort((a, b) => a.sent_us - b.sent_us);
      this.longestWaitUs = Math.max(this.longestWaitUs, waitOf(sendings));
    }
    if (news.repaired.length > 0) news.again = null;
    if (arrived_us === null) this.#lose(segment, news);
    return news;
  }

  /** When the byte of this number was sent first; null where that is not known, or long ago. */
  firstSent(number: number): number | null {
    return this.#at(number)?.sendings[0]?.sent_us ?? null;
  }

  /** When the byte of this number arrived first; null where it has not. */
  arrival(number: number): number | null {
    const times = this.#at(number)?.sendings.flatMap(({ arrived_us }) => arrived_us ?? []);
    return times && times.length > 0 ? Math.min(...times) : null;
  }

  /** Says that the sender knows of the arrival of all below `number`, and that nobody asks for it any more. */
  forget(number: number): void {
    let done = 0;
    while (done < this.#pieces.length && this.#pieces[done]!.to <= number) done++;
    if (done <= KEPT) return;
    this.#floor = this.#pieces[done - KEPT - 1]!.to;
    this.#pieces.splice(0, done - KEPT);
  }

  /** A segment of what was lost before makes up for it. */
  #repair(segment: StreamSegment, news: StreamNews): void {
    this.#open = this.#open.filter((loss) => {
      const later = segment.sent_us > loss.sent_us;
      if (!later || loss.from < segment.from || loss.from >= segment.to) return true;
      loss.again_us = segment.sent_us;
      news.repaired.push(loss);
      return false;
    });
  }

  #lose(segment: StreamSegment, news: StreamNews): void {
    const { kind, from, bytes, sent_us, cause } = segment;
    const loss: Loss = { kind, from, bytes, sent_us, cause, again_us: null };
    // The record may have told of the next sending before.
    const later = this.#at(from)?.sendings.find((sending) => sending.sent_us > sent_us);
    if (!later) return void this.#open.push(loss);
    loss.again_us = later.sent_us;
    news.repaired.push(loss);
  }

  #at(number: number): Piece | undefined {
    const piece = this.#pieces[this.#place(number)];
    return piece && piece.from <= number ? piece : undefined;
  }

  /** The place of the first piece that ends behind `number`. */
  #place(number: number): number {
    let low = 0, high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#pieces[middle]!.to <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The pieces that make up a range, cut and made where there are none. */
  #cover(from: number, to: number): Piece[] {
    this.#cut(from);
    this.#cut(to);
    const covered: Piece[] = [];
    let place = this.#place(from);
    for (let next = from; next < to;) {
      const piece = this.#pieces[place];
      if (piece && piece.from === next) {
        covered.push(piece);
        next = piece.to;
      } else {
        const made = { from: next, to: Math.min(to, piece?.from ?? to), sendings: [] };
        this.#pieces.splice(place, 0, made);
        covered.push(made);
        next = made.to;
      }
      place++;
    }
    return covered;
  }

  #cut(at: number): void {
    const place = this.#place(at);
    const piece = this.#pieces[place];
    if (!piece || piece.from >= at) return;
    const copies = piece.sendings.map((sending) => ({ ...sending }));
    this.#pieces.splice(place, 0, { from: piece.from, to: at, sendings: copies });
    piece.from = at;
  }
}

/** Bytes of data in a piece of this segment: SYN and FIN take up a number, but are none. */
function dataOf(piece: Piece, segment: StreamSegment): number {
  const first = segment.to - (segment.fin ? 1 : 0) - segment.bytes;
  return Math.max(0, Math.min(piece.to, first + segment.bytes) - Math.max(piece.from, first));
}

/** From the first sending to the one that arrived first; 0 where none has. */
function waitOf(sendings: readonly Sending[]): number {
  let best: Sending | null = null;
  for (const sending of sendings) {
    if (sending.arrived_us === null) continue;
    if (best === null || sending.arrived_us < best.arrived_us!) best = sending;
  }
  return best === null ? 0 : best.sent_us - sendings[0]!.sent_us;
}
