/**
 * The tables that shape a delay: 4,096 values of equal chance, 8,192 standing for one sigma.
 *
 * iproute2 ships them as files, and they are not ours to ship. Three follow from formulas and are
 * computed here, equal to the files entry for entry; the fourth was measured and must be read from
 * where iproute2 is installed.
 */
import type { DistributionName } from "./profile.ts";

/** What stands for one sigma in a table. */
export const DISTRIBUTION_SCALE = 8192;
/** Entries of each table computed here. */
const ENTRIES = 4096;
/** The kernel refuses longer tables. */
const MOST_ENTRIES = 16384;

/** Tables by name, given by the caller; those absent are computed where a formula exists. */
export type DistributionTables = { readonly [Name in DistributionName]?: ArrayLike<number> };

const computed: Partial<Record<DistributionName, Int16Array>> = {};

/**
 * The table of a name: the caller's, or the computed one.
 *
 * @throws {RangeError} where there is neither: `experimental` comes with iproute2 only.
 */
export function distributionTable(
  name: DistributionName,
  tables: DistributionTables = {},
): Int16Array {
  const given = tables[name];
  if (given !== undefined) {
    if (given.length === 0) throw new RangeError(`Give a table with entries for ${name}, got none`);
    return Int16Array.from(given);
  }
  return computed[name] ??= compute(name);
}

/**
 * Reads a table as iproute2 keeps it, in files such as `normal.dist`: whole numbers between white
 * space; `#` begins a comment.
 *
 * @throws {RangeError} naming what is no number of 16 bits.
 */
export function parseDistribution(text: string): Int16Array {
  const words = text.replace(/#.*$/gm, "").split(/\s+/).filter((word) => word !== "");
  if (words.length === 0 || words.length > MOST_ENTRIES) {
    throw new RangeError(
      `Give a distribution file with 1 to ${MOST_ENTRIES} numbers, got ${words.length}`,
    );
  }
  return Int16Array.from(words, (word) => {
    const value = /^-?\d{1,6}$/.test(word) ? Number(word) : NaN;
    if (!(value >= -32768 && value <= 32767)) {
      throw new RangeError(
        `Give a distribution file of whole numbers from -32768 to 32767, got '${
          word.slice(0, 20)
        }'`,
      );
    }
    return value;
  });
}

function compute(name: DistributionName): Int16Array {
  switch (name) {
    case "normal":
      return Int16Array.from(normalQuantiles(), clamp16);
    case "pareto":
      return paretoQuantiles();
    case "paretonormal": {
      // A quarter normal, three quarters Pareto, in whole numbers cut towards zero.
      const pareto = paretoQuantiles();
      return Int16Array.from(
        normalQuantiles(),
        (normal, index) => Math.trunc((normal + 3 * (pareto[index] ?? 0)) / 4),
      );
    }
    case "experimental":
      throw new RangeError(
        "Install iproute2 for the experimental distribution, or choose normal, pareto or " +
          "paretonormal: its table was measured and follows from no formula",
      );
  }
}

/** Pareto with shape 3, its mean moved to zero: in proportion to `u^(-1/3) - 1.5`. */
function paretoQuantiles(): Int16Array {
  return Int16Array.from({ length: ENTRIES }, (_, index) => {
    const share = 1 - index / ENTRIES;
    return clamp16(
      Math.round((4 / 3) * DISTRIBUTION_SCALE * (1 / Math.pow(share, 1 / 3) - 1.5)),
    );
  });
}

/**
 * The standard normal: on a grid of 0.00005, the last point whose probability is not above
 * `(4 i + 0.5) / 16384`.
 */
function normalQuantiles(): number[] {
  const step = 0.00005;
  const quantiles: number[] = [];
  // Beyond 4.2 sigma lies less than half of the smallest share.
  const edge = 84_000;
  let low = -edge;
  for (let index = 0; index < ENTRIES; index++) {
    const share = (4 * index + 0.5) / 16384;
    let high = edge;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (normalProbability(middle * step) <= share) low = middle;
      else high = middle;
    }
    quantiles.push(Math.round(low * step * DISTRIBUTION_SCALE));
  }
  return quantiles;
}

/** The chance that a standard normal value is at most x, for |x| up to 5, to 15 digits. */
function normalProbability(x: number): number {
  // 1/2 + density(x) * (x + x^3/3 + x^5/(3*5) + …): all terms of one sign, so nothing cancels.
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}

function clamp16(value: number): number {
  return Math.max(-32768, Math.min(32767, value));
}
