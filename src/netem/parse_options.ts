/** The options of tc-netem(8) that take several values, each read from a profile's words. */
import {
  type DelayOption,
  DISTRIBUTION_NAMES,
  type DistributionName,
  type LossOption,
  type RateOption,
  type SlotOption,
} from "./profile.ts";
import { readInteger, readSize } from "./units.ts";
import { fail, nanoseconds, type WordReader } from "./word_reader.ts";

/** The longest delay that every version of tc can write, in whole seconds: 6.1 has 32 bits of 64 ns. */
const LONGEST_DELAY_NS = 274e9;
/** The longest of a slot's times: more than an hour. */
const LONGEST_NS = 4_294_967_295_000;
/** The kernel caps jitter at 31 bits of nanoseconds. */
const LARGEST_JITTER_NS = 0x7fffffff;
const LARGEST_SEED = (1n << 64n) - 1n;

/** Behind `delay`: its time, jitter and correlation; undefined where all of them are 0. */
export function readDelay(words: WordReader): DelayOption | undefined {
  const ns = words.time("the delay as a time up to 274s, such as 100ms", LONGEST_DELAY_NS);
  let jitterNs = 0;
  let correlation = 0;
  if (words.peekIsNumber()) {
    jitterNs = words.time("the jitter as a time up to 2.147s, such as 20ms", LARGEST_JITTER_NS);
    const word = words.peek();
    if (words.peekIsNumber()) correlation = words.percent("the delay's correlation");
    if (correlation > 0 && jitterNs === 0) {
      throw fail("Give a jitter above 0 for a correlation of the delay", word);
    }
  }
  return ns > 0 || jitterNs > 0 ? { ns, jitterNs, correlation } : undefined;
}

/** Behind `loss`: one of its three models; undefined for a chance of 0. */
export function readLoss(words: WordReader): LossOption | undefined {
  const kind = words.peek();
  if (kind.text === "state") {
    words.next();
    const [p13 = 0, p31, p32, p23, p14] = words.percents("loss state", 5);
    return { kind: "state", p13, ...given({ p31, p32, p23, p14 }) };
  }
  if (kind.text === "gemodel") {
    words.next();
    const [p = 0, r, lossInBad, lossInGood] = words.percents("loss gemodel", 4);
    return { kind: "gemodel", p, ...given({ r, lossInBad, lossInGood }) };
  }
  if (kind.text === "random") words.next();
  const chance = words.chance("loss");
  return chance.percent > 0 ? { kind: "random", ...chance } : undefined;
}

/** What was said of the rest: tc has its own values for what was not. */
function given<Name extends string>(
  values: Record<Name, number | undefined>,
): { [name in Name]?: number } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [name in Name]?: number };
}

/** Behind `rate`: the rate with its overheads and cells; undefined for a rate of 0. */
export function readRateOption(words: WordReader): RateOption | undefined {
  const word = words.peek();
  if (/^[\d.]+%$/.test(word.text)) {
    throw fail("Write the rate itself, such as 1mbit: the link has no speed to share", word);
  }
  const bytesPerSecond = words.rate("the rate such as 1mbit or 100kbps", 1e15);
  if (bytesPerSecond === 0 && Number.parseFloat(word.text) !== 0) {
    throw fail("Write a rate of at least 8bit", word);
  }
  const signed = (what: string) =>
    words.peekIsNumber()
      ? words.number(what, (text) => readInteger(text, true), 0x7fffffff, -0x80000000)
      : 0;
  const overhead = signed("the rate's overhead in bytes, such as 14 or -14");
  const cellSize = words.peekIsNumber()
    ? words.number("the rate's cell size in bytes, such as 48", readInteger, 0xffffffff)
    : 0;
  const cellOverhead = signed("the rate's overhead per cell in bytes, such as 5");
  return bytesPerSecond > 0 ? { bytesPerSecond, overhead, cellSize, cellOverhead } : undefined;
}

/** Behind `slot`: a range or a distribution, with its bounds. Bare times count nanoseconds, unlike a delay's. */
export function readSlot(words: WordReader): SlotOption {
  const word = words.peek();
  if (word.text === "distribution") {
    words.next();
    const distribution = readDistribution(words, DISTRIBUTION_NAMES);
    const delayNs = words.time("the slot's delay as a time such as 1ms", LONGEST_NS, nanoseconds);
    const jitter = words.peek();
    const jitterNs = words.time(
      "the slot's jitter as a time up to 2.147s, such as 1ms",
      LARGEST_JITTER_NS,
      nanoseconds,
    );
    if (jitterNs === 0) throw fail("Write the slot's jitter as a time above 0", jitter);
    return { kind: "distribution", distribution, delayNs, jitterNs, ...readSlotBounds(words) };
  }
  const minNs = words.time("the slot as a time such as 20ms", LONGEST_NS, nanoseconds);
  let maxNs = minNs;
  const maxWord = words.peek();
  if (words.peekIsNumber()) {
    maxNs = words.time("the slot's longest delay as a time such as 40ms", LONGEST_NS, nanoseconds);
  }
  if (maxNs < minNs) {
    throw fail("Write the slot's longest delay not under its shortest", maxWord);
  }
  if (maxNs === 0) throw fail("Write the slot as a time above 0", word);
  return { kind: "range", minNs, maxNs, ...readSlotBounds(words) };
}

function readSlotBounds(words: WordReader): { packets: number; bytes: number } {
  const bounds = { packets: 0, bytes: 0 };
  const seen = new Set<string>();
  for (;;) {
    const word = words.peek();
    const name = word.text === ""
      ? undefined
      : (["packets", "bytes"] as const).find((full) => full.startsWith(word.text));
    if (name === undefined) return bounds;
    words.next();
    if (seen.has(name)) throw fail(`Write ${name} only once`, word);
    seen.add(name);
    bounds[name] = name === "packets"
      ? words.number("the packets of a slot as a number such as 10", readInteger, 0x7fffffff)
      : words.number("the bytes of a slot as a size such as 3000 or 3k", readSize, 0x7fffffff);
  }
}

/** Behind `seed`: a whole number of 64 bits. */
export function readSeed(words: WordReader): bigint {
  const word = words.next();
  const seed = /^\d{1,20}$/.test(word.text) ? BigInt(word.text) : LARGEST_SEED + 1n;
  if (seed > LARGEST_SEED) {
    throw fail("Write the seed as a whole number from 0 to 18446744073709551615", word);
  }
  return seed;
}

/** Behind `distribution`: a delay's table, or `uniform`, which needs none. */
export function readDelayDistribution(words: WordReader): DistributionName | "uniform" {
  return readDistribution(words, ["uniform", ...DISTRIBUTION_NAMES]);
}

function readDistribution<Name extends string>(words: WordReader, names: readonly Name[]): Name {
  const word = words.next();
  const name = names.find((known) => known === word.text);
  if (name === undefined) throw fail(`Write one of ${names.join(", ")}`, word);
  return name;
}
