/** The draws of one direction: the kernel's stream of numbers, and what correlated draws remember. */
import { rhoOf } from "./chance.ts";
import { DISTRIBUTION_SCALE } from "./distribution.ts";
import { correlate, sideGenerator, Taus113 } from "./random.ts";

/** The kinds of draws that can be correlated, each with a memory of its own. */
export const STREAM = { delay: 0, loss: 1, duplicate: 2, reorder: 3, corrupt: 4 } as const;

/** Purposes of the generators beside the main one. */
export const SIDE = { warmUp: 1, bits: 2, slots: 3 } as const;

/** One stream of random numbers for all that netem draws. */
export class Draws {
  /** The generator itself, for draws that have no correlation. */
  readonly random = new Taus113(0n);
  readonly #last = new Float64Array(5);
  readonly #rho = new Float64Array(5);

  /** Starts the numbers over. What the kernel leaves to chance, each memory's first value, follows from the seed. */
  startOver(seed: bigint): void {
    this.random.seed(seed);
    const warmUp = sideGenerator(seed, SIDE.warmUp);
    for (let stream = 0; stream < this.#last.length; stream++) this.#last[stream] = warmUp.next();
  }

  /** Sets how much each draw of a stream leans on the one before, as a percentage; 0 for not at all. */
  lean(stream: number, percent: number): void {
    this.#rho[stream] = rhoOf(percent);
  }

  /** The next number of a stream, 32 bits. */
  next(stream: number): number {
    const value = this.random.next();
    const rho = this.#rho[stream] as number;
    if (rho === 0) return value;
    const answer = correlate(value, this.#last[stream] as number, rho);
    this.#last[stream] = answer;
    return answer;
  }
}

/** A draw turned to a time around `mu`: uniform within `sigma`, or shaped by a table. ns, may be negative. */
export function spread(
  draw: number,
  mu: number,
  sigma: number,
  table: Int16Array | null,
): number {
  if (table === null) return (draw % (2 * sigma)) + mu - sigma;
  const t = table[draw % table.length] as number;
  const part = (sigma % DISTRIBUTION_SCALE) * t;
  // Rounded to the nearest of the scale, then cut towards zero.
  const rounded = part >= 0 ? part + DISTRIBUTION_SCALE / 2 : part - DISTRIBUTION_SCALE / 2;
  return Math.trunc(rounded / DISTRIBUTION_SCALE) +
    Math.floor(sigma / DISTRIBUTION_SCALE) * t + mu;
}
