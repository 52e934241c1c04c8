/**
 * Numbers with units as tc reads them (tc(8), "PARAMETERS"): times, rates, sizes, percentages.
 *
 * Every reader returns null for a word that it cannot read. Fractions of the smallest unit are cut
 * off as tc cuts them, so that the same words mean the same on both drivers.
 */

const NUMBER = /^(\+?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)$/i;

const TIME_UNITS: Record<string, number> = {
  s: 1e9,
  sec: 1e9,
  secs: 1e9,
  ms: 1e6,
  msec: 1e6,
  msecs: 1e6,
  us: 1e3,
  usec: 1e3,
  usecs: 1e3,
  ns: 1,
  nsec: 1,
  nsecs: 1,
};

/** Bits a second, or for `…bps` bytes a second, turned to bits. */
const RATE_UNITS: Record<string, number> = { "": 1, bit: 1, bps: 8 };
for (const [index, letter] of ["k", "m", "g", "t"].entries()) {
  RATE_UNITS[`${letter}bit`] = 1000 ** (index + 1);
  RATE_UNITS[`${letter}bps`] = 8 * 1000 ** (index + 1);
  RATE_UNITS[`${letter}ibit`] = 1024 ** (index + 1);
  RATE_UNITS[`${letter}ibps`] = 8 * 1024 ** (index + 1);
}

const SIZE_UNITS: Record<string, number> = {
  "": 1,
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
  kbit: 1024 / 8,
  mbit: 1024 ** 2 / 8,
  gbit: 1024 ** 3 / 8,
};

/** Splits `1.5ms` into 1.5 and `ms` (in lower case). */
function split(word: string): { value: number; unit: string } | null {
  const match = NUMBER.exec(word);
  if (match === null) return null;
  const value = Number(match[1]);
  return Number.isFinite(value) ? { value, unit: (match[2] ?? "").toLowerCase() } : null;
}

/**
 * A time in whole nanoseconds. `bare`: it had no unit.
 *
 * @param bareNs What a bare number counts, in nanoseconds. Default a microsecond, as tc(8) has it.
 */
export function readTime(word: string, bareNs = 1e3): { ns: number; bare: boolean } | null {
  const parts = split(word);
  if (parts === null) return null;
  const bare = parts.unit === "";
  const scale = bare ? bareNs : TIME_UNITS[parts.unit];
  return scale === undefined ? null : { ns: Math.trunc(parts.value * scale), bare };
}

/** Whether a word has no unit. */
export function isBare(word: string): boolean {
  return split(word)?.unit === "";
}

/** A rate in whole bytes per second. A bare number is bits per second. */
export function readRate(word: string): number | null {
  const parts = split(word);
  const scale = parts === null ? undefined : RATE_UNITS[parts.unit];
  return parts === null || scale === undefined ? null : Math.trunc(parts.value * scale / 8);
}

/** A size in whole bytes. A bare number is bytes; k, m and g are powers of 1024, as tc has them. */
export function readSize(word: string): number | null {
  const parts = split(word);
  const scale = parts === null ? undefined : SIZE_UNITS[parts.unit];
  return parts === null || scale === undefined ? null : Math.trunc(parts.value * scale);
}

/** A percentage from 0 to 100, with or without its `%`. */
export function readPercent(word: string): number | null {
  const parts = split(word);
  if (parts === null || (parts.unit !== "%" && parts.unit !== "")) return null;
  return parts.value <= 100 ? parts.value : null;
}

/** A whole number, in decimal or after `0x`, with a sign where `signed`. */
export function readInteger(word: string, signed = false): number | null {
  if (!/^[+-]?(?:\d+|0x[0-9a-f]+)$/i.test(word) || (!signed && /^[+-]/.test(word))) return null;
  const magnitude = Number(word.replace(/^[+-]/, ""));
  const value = word.startsWith("-") && magnitude !== 0 ? -magnitude : magnitude;
  return Number.isSafeInteger(value) ? value : null;
}

/** The shortest text that reads back as the same value: `1.5ms`, `100us`, `7ns`. */
export function timeText(ns: number): string {
  return shortest(
    ns,
    [["s", 1e9], ["ms", 1e6], ["us", 1e3], ["ns", 1]],
    (word) => readTime(word)?.ns,
  );
}

/** The shortest text that reads back as the same rate, in bits: `1.5mbit`, `8bit`. */
export function rateText(bytesPerSecond: number): string {
  const units: [string, number][] = [["tbit", 1e12], ["gbit", 1e9], ["mbit", 1e6], ["kbit", 1e3]];
  const text = shortest(bytesPerSecond * 8, [...units, ["bit", 1]], (word) => {
    const bytes = readRate(word);
    return bytes === null ? undefined : bytes * 8;
  });
  return text;
}

/** A percentage as text. */
export function percentText(percent: number): string {
  return `${percent}%`;
}

/** The largest unit in which the value is at least 1 and needs at most three decimals. */
function shortest(
  value: number,
  units: [string, number][],
  readBack: (word: string) => number | undefined,
): string {
  for (const [unit, scale] of units) {
    const text = `${Number((value / scale).toFixed(3))}${unit}`;
    if (value >= scale && readBack(text) === value) return text;
  }
  return `${value}${units.at(-1)?.[0] ?? ""}`;
}
