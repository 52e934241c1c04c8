/**
 * The random numbers of netem: L'Ecuyer's combined Tausworthe generator with four components
 * ("Tables of maximally equidistributed combined LFSR generators", 1999), seeded as the kernel
 * seeds it, and draws that depend on the draw before.
 */

/** 2^32, the number of values that a draw can have. */
export const TWO_32 = 4294967296;

/** The generator called lfsr113 or taus113; four 32-bit states in one typed array. */
export class Taus113 {
  readonly #s = new Int32Array(4);

  /** Starts from a seed of 64 bits. */
  constructor(seed: bigint) {
    this.seed(seed);
  }

  /** Starts over. The seed is folded to 32 bits, and each state raised to where its component can begin. */
  seed(seed: bigint): void {
    const bits = BigInt.asUintN(64, seed);
    const folded = Number(BigInt.asUintN(32, (bits >> 32n) ^ (bits << 10n) ^ bits));
    for (const [index, least] of [2, 8, 16, 128].entries()) {
      this.#s[index] = folded < least ? folded + least : folded;
    }
  }

  /** The next 32 bits, unsigned. */
  next(): number {
    const s = this.#s;
    let z1 = s[0] as number;
    let z2 = s[1] as number;
    let z3 = s[2] as number;
    let z4 = s[3] as number;
    z1 = ((z1 & -2) << 18) ^ (((z1 << 6) ^ z1) >>> 13);
    z2 = ((z2 & -8) << 2) ^ (((z2 << 2) ^ z2) >>> 27);
    z3 = ((z3 & -16) << 7) ^ (((z3 << 13) ^ z3) >>> 21);
    z4 = ((z4 & -128) << 13) ^ (((z4 << 3) ^ z4) >>> 12);
    s[0] = z1;
    s[1] = z2;
    s[2] = z3;
    s[3] = z4;
    return (z1 ^ z2 ^ z3 ^ z4) >>> 0;
  }
}

/**
 * A generator of our own beside the kernel's, for what the kernel leaves unseeded: derived from the
 * same seed, `purpose` tells several apart.
 */
export function sideGenerator(seed: bigint, purpose: number): Taus113 {
  // Knuth's and Weyl's 64-bit constants keep its seeds away from neighbours such as N and N + 1.
  const mixed = (seed + 1n) * 6364136223846793005n + BigInt(purpose) * 0x9e3779b97f4a7c15n;
  const generator = new Taus113(BigInt.asUintN(64, mixed ^ (mixed >> 29n)));
  for (let i = 0; i < 16; i++) generator.next();
  return generator;
}

/**
 * `floor(a * b / 2^32)` for whole |a| < 2^32 and 0 <= b <= 2^32, without 64-bit integers: the product
 * has up to 64 bits, so that b is taken in two halves; each step is exact in a double.
 */
export function mulShift32(a: number, b: number): number {
  const high = Math.floor(b / 65536);
  const low = b - high * 65536;
  // floor(floor(x / 2^16) / 2^16) is floor(x / 2^32), for negative x too.
  return Math.floor((a * high + Math.floor(a * low / 65536)) / 65536);
}

/**
 * A draw that remembers the last: `(value * (2^32 - rho) + last * rho) >> 32`, written as
 * `value + floor((last - value) * rho / 2^32)`.
 */
export function correlate(value: number, last: number, rho: number): number {
  return value + mulShift32(last - value, rho);
}
