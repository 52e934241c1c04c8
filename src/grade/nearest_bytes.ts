/** What a program may have meant for the bytes that it was to print. Pure. */

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
