/**
 * Frames that keep their number whatever happens to them: IPv4 and UDP, with the number written over and over, so that
 * a flipped bit neither hides which frame it is nor goes unseen.
 */

/** Where the numbers begin: behind Ethernet, IPv4 and UDP. */
const HEADERS = 42;
const TOS = 15;
const CHECKSUM = 24;
/** Both bits of ECN set: congestion experienced. */
const MARKED = 3;

/** Room for three numbers at least: of fewer, a flipped bit could leave no majority. */
export const LEAST_BYTES = HEADERS + 12;

/** A frame of so many bytes (with 14 of Ethernet). `markable`: ECN says that the packet may be marked. */
export function numberedFrame(
  n: number,
  bytes: number,
  markable: boolean,
): Uint8Array<ArrayBuffer> {
  const frame = new Uint8Array(bytes);
  fillFrame(frame, n, markable);
  return frame;
}

/** Writes frame `n` over all of `frame`. */
export function fillFrame(frame: Uint8Array<ArrayBuffer>, n: number, markable: boolean): void {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  frame.fill(0, 0, HEADERS);
  // From and to nobody: local Ethernet addresses that no host has.
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, markable ? 2 : 0]);
  view.setUint16(16, frame.length - 14);
  frame.set([64, 17], 22);
  frame.set([10, 77, 0, 1, 10, 77, 0, 2], 26);
  // An even checksum: a mark then changes two bits of it at least, and is never taken for a flipped bit.
  view.setUint16(CHECKSUM, headerChecksum(view));
  if (view.getUint16(CHECKSUM) % 2 === 1) {
    view.setUint16(18, 1);
    view.setUint16(CHECKSUM, headerChecksum(view));
  }
  view.setUint16(34, 9);
  view.setUint16(36, 9);
  view.setUint16(38, frame.length - 34);
  for (let at = HEADERS; at + 4 <= frame.length; at += 4) view.setUint32(at, n);
  frame.fill(0, frame.length - (frame.length - HEADERS) % 4);
}

function headerChecksum(view: DataView): number {
  let sum = 0;
  for (let at = 14; at < 34; at += 2) sum += at === CHECKSUM ? 0 : view.getUint16(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** What a frame says when it comes out. */
export interface FrameSeen {
  /** Which it is. */
  n: number;
  /** The bits that are not as they were sent, not counting an ECN mark. */
  flipped: number;
  /** Whether it was marked. */
  marked: boolean;
}

/** Reads a frame that left; `markableOf` tells how number n was sent. */
export function readFrame(
  frame: Uint8Array<ArrayBuffer>,
  markableOf: (n: number) => boolean,
): FrameSeen {
  const n = majority(frame);
  const sent = numberedFrame(n, frame.length, markableOf(n));
  const flipped = bitsBetween(frame, sent);
  if (flipped < 2 || !markableOf(n)) return { n, flipped, marked: false };
  const view = new DataView(sent.buffer);
  sent[TOS]! |= MARKED;
  view.setUint16(CHECKSUM, headerChecksum(view));
  return { n, flipped: bitsBetween(frame, sent), marked: true };
}

function bitsBetween(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < one.length; at++) {
    for (let bits = one[at]! ^ other[at]!; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}

/** The number that most places hold: at most one place has a flipped bit. */
function majority(frame: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  const [a, b, c] = [0, 4, 8].map((at) => view.getUint32(HEADERS + at));
  return a === b ? a! : c!;
}
