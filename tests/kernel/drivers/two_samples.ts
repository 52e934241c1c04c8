/**
 * Whether two samples can be of one kind: the chance that two samples of one kind differ by as much, or more. Textbook
 * formulas (Press et al., Numerical Recipes, 6.2 and 14.3); right down to chances of 1e-12 at these sizes.
 */

/** So many of so many. */
export interface Share {
  hits: number;
  of: number;
}

/** Pearson's chi-square on two shares, one degree of freedom. Returns the chance of such a difference. */
export function chiSquare(a: Share, b: Share): number {
  const hits = a.hits + b.hits, of = a.of + b.of;
  if (hits === 0 || hits === of) return 1;
  let sum = 0;
  for (const share of [a, b]) {
    const expected = share.of * hits / of;
    sum += (share.hits - expected) ** 2 / expected;
    sum += (share.hits - expected) ** 2 / (share.of - expected);
  }
  return complementaryError(Math.sqrt(sum / 2));
}

/** Kolmogorov's and Smirnov's test on two samples. Returns the chance of such a distance, and the distance. */
export function kolmogorovSmirnov(
  a: readonly number[],
  b: readonly number[],
): { chance: number; distance: number } {
  const [one, other] = [a, b].map((sample) => Float64Array.from(sample).sort());
  let distance = 0;
  for (let i = 0, j = 0; i < one!.length && j < other!.length;) {
    const value = Math.min(one![i]!, other![j]!);
    while (i < one!.length && one![i] === value) i++;
    while (j < other!.length && other![j] === value) j++;
    distance = Math.max(distance, Math.abs(i / one!.length - j / other!.length));
  }
  const size = Math.sqrt(one!.length * other!.length / (one!.length + other!.length));
  return { chance: kolmogorov((size + 0.12 + 0.11 / size) * distance), distance };
}

/** The chance that Kolmogorov's statistic is above `x`. */
function kolmogorov(x: number): number {
  // Below, the chance is 1 to six digits, and the series is slow.
  if (x < 0.3) return 1;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/** 1 - erf(x) for x >= 0, to nine digits of its own size. */
export function complementaryError(x: number): number {
  const scale = 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  if (x < 2) {
    let term = x, sum = x;
    for (let k = 1; k < 60; k++) sum += term *= 2 * x * x / (2 * k + 1);
    return 1 - scale * sum;
  }
  // Laplace's continued fraction, from its end.
  let tail = x;
  for (let k = 60; k > 0; k--) tail = x + k / 2 / tail;
  return scale / 2 / tail;
}
