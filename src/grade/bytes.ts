/** Bytes as checks hand them over. Pure. */
import type { Bytes } from "./check.ts";

/** Text as UTF-8. */
export function toBytes(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : Uint8Array.from(bytes);
}

/** Whether they are the same. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && firstDifference(a, b) < 0;
}

/** The index of the first byte that differs, or where one ends first; -1 where there is none. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return i;
  return a.length === b.length ? -1 : shorter;
}

/** Where `part` begins in `whole`, or -1. */
export function indexOfBytes(whole: Uint8Array, part: Uint8Array): number {
  for (let at = 0; at + part.length <= whole.length; at++) {
    let i = 0;
    while (i < part.length && whole[at + i] === part[i]) i++;
    if (i === part.length) return at;
  }
  return -1;
}

/**
 * What in `whole` comes nearest to `part`: from where the longest beginning of it stands, the last such place, to the end
 * of that line; where less than an eighth of it is to be found, the last line.
 */
export function nearestBytes(whole: Uint8Array, part: Uint8Array): Uint8Array {
  const most = Math.min(part.length, COMPARED);
  const last = whole.lastIndexOf(LINE_FEED, whole.length - 2) + 1;
  let best = 0, from = last;
  for (let at = 0; at < whole.length; at++) {
    let same = 0;
    while (same < most && whole[at + same] === part[same]) same++;
    if (same > 0 && same >= best) [best, from] = [same, at];
  }
  if (best < part.length / 8) [best, from] = [0, last];
  const end = whole.indexOf(LINE_FEED, from + best);
  return whole.slice(from, end < 0 ? whole.length : end);
}

const LINE_FEED = 0x0a;
/** Bytes that are compared at each place. */
const COMPARED = 4096;

/** `1 byte`, `5 bytes`, `65,507 bytes`. */
export function byteCount(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}
