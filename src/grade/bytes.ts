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
 * What in `whole`, the output of a program, comes nearest to `part`, to the end of that line: from where the longest
 * beginning of it stands, the last such place; where less than an eighth of it is to be found, from where most of its
 * bytes stand in their places; where those are less than half, the last line that is more than a prompt, without it.
 */
export function nearestBytes(whole: Uint8Array, part: Uint8Array): Uint8Array {
  const compared = part.subarray(0, COMPARED);
  const beginning = bestPlace(whole, compared, sameBeginning);
  if (beginning.score > 0 && beginning.score >= compared.length / 8) {
    return lineFrom(whole, beginning.at, beginning.score);
  }
  const scattered = part.subarray(0, COUNTED);
  const place = bestPlace(whole, scattered, sameInPlace);
  if (place.score > 0 && place.score >= scattered.length / 2) return lineFrom(whole, place.at);
  return lastLine(whole);
}

const LINE_FEED = 0x0a;
/** Bytes that are compared at each place, and those of them that are counted wherever they are the same. */
const COMPARED = 4096, COUNTED = 256;

type Score = (whole: Uint8Array, at: number, part: Uint8Array) => number;

/** The last of the places with the highest score. */
function bestPlace(whole: Uint8Array, part: Uint8Array, scoreOf: Score) {
  const best = { score: 0, at: 0 };
  for (let at = 0; at < whole.length; at++) {
    const score = scoreOf(whole, at, part);
    if (score >= best.score) Object.assign(best, { score, at });
  }
  return best;
}

function sameBeginning(whole: Uint8Array, at: number, part: Uint8Array): number {
  let same = 0;
  while (same < part.length && whole[at + same] === part[same]) same++;
  return same;
}

function sameInPlace(whole: Uint8Array, at: number, part: Uint8Array): number {
  let same = 0;
  for (let i = 0; i < part.length; i++) if (whole[at + i] === part[i]) same++;
  return same;
}

function lineFrom(whole: Uint8Array, from: number, sure = 0): Uint8Array {
  const end = whole.indexOf(LINE_FEED, from + sure);
  return whole.slice(from, end < 0 ? whole.length : end);
}

/** The last line behind its prompt, `> `, that has anything there. */
function lastLine(whole: Uint8Array): Uint8Array {
  for (let end = whole.length; end > 0;) {
    const start = whole.subarray(0, end).lastIndexOf(LINE_FEED) + 1;
    let from = start;
    while (whole[from] === 0x3e && whole[from + 1] === 0x20) from += 2;
    if (from < end) return whole.slice(from, end);
    end = start - 1;
  }
  return whole.slice(0, 0);
}

/** `1 byte`, `5 bytes`, `65,507 bytes`. */
export function byteCount(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "byte" : "bytes"}`;
}
