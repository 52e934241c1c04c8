/** The numbers behind foretold fates: what became of each packet, and of all together. */
import type { Foretold } from "../netem/mod.ts";

/** What became of a packet, in one word: the first of these that applies. */
export type FateKind = "lost" | "damaged" | "twice" | "overtook" | "arrived";

/** A run of packets lost one after the other. */
export interface LossRun {
  first: number;
  length: number;
}

/** Sums over all packets. */
export interface FateFigures {
  /** For each packet, from the first. */
  kinds: FateKind[];
  lost: number;
  twice: number;
  damaged: number;
  overtook: number;
  /** Milliseconds in the link, over all copies that arrive; absent where none does. */
  delayMs?: { min: number; avg: number; p50: number; p90: number; p99: number; max: number };
  /** The longest run of losses; absent where none is lost. */
  longestRun?: LossRun;
}

/** Sums up foretold fates. A packet overtook where it arrives before one that was sent earlier. */
export function fateFigures(foretold: Foretold): FateFigures {
  const damaged = new Set(foretold.corrupted);
  const overtook = overtaking(foretold);
  const kinds: FateKind[] = [];
  const sums = { lost: 0, twice: 0, damaged: damaged.size, overtook: 0 };
  let run: LossRun = { first: 1, length: 0 };
  let longest = run;
  for (let n = 1; n <= foretold.count; n++) {
    const copies = Number(foretold.copies[n - 1]);
    if (copies === 0) {
      sums.lost++;
      run = { first: run.length === 0 ? n : run.first, length: run.length + 1 };
      if (run.length > longest.length) longest = run;
    } else {
      run = { first: n, length: 0 };
    }
    if (copies > 1) sums.twice++;
    if (overtook[n - 1] === 1) sums.overtook++;
    kinds.push(
      copies === 0
        ? "lost"
        : damaged.has(n)
        ? "damaged"
        : copies > 1
        ? "twice"
        : overtook[n - 1] === 1
        ? "overtook"
        : "arrived",
    );
  }
  const delays = Float64Array.from(foretold.delay_us.flat()).sort();
  return {
    kinds,
    ...sums,
    ...(delays.length === 0 ? {} : { delayMs: spreadOf(delays) }),
    ...(longest.length === 0 ? {} : { longestRun: longest }),
  };
}

/** Marks the packets whose first copy arrives before the first copy of an earlier one. */
function overtaking(foretold: Foretold): Uint8Array {
  const marks = new Uint8Array(foretold.count);
  const place = new Float64Array(foretold.count).fill(-1);
  foretold.order.forEach((n, at) => {
    if (place[n - 1] === -1) place[n - 1] = at;
  });
  let latest = -1;
  place.forEach((at, index) => {
    if (at === -1) return;
    if (at < latest) marks[index] = 1;
    else latest = at;
  });
  return marks;
}

/** Of sorted microseconds, at least one. Percentiles are values that occurred: the nearest rank. */
function spreadOf(sorted: Float64Array): NonNullable<FateFigures["delayMs"]> {
  const ms = (index: number) => (sorted[index] ?? 0) / 1000;
  const rank = (share: number) => ms(Math.max(0, Math.ceil(share * sorted.length) - 1));
  let sum = 0;
  for (const us of sorted) sum += us;
  return {
    min: ms(0),
    avg: sum / sorted.length / 1000,
    p50: rank(0.5),
    p90: rank(0.9),
    p99: rank(0.99),
    max: ms(sorted.length - 1),
  };
}
