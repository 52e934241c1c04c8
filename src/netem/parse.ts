/** Reads a profile as tc-netem(8) writes it. */
import { DISTRIBUTION_NAMES, type DistributionName, perfectWire, type Profile } from "./profile.ts";
import { readInteger, readRate, readSize } from "./units.ts";
import { fail, type Word, WordReader } from "./word_reader.ts";

/** The longest time that every version of tc can write: 32 bits of microseconds. */
const LONGEST_NS = 4_294_967_295_000;
/** The kernel caps jitter at 31 bits of nanoseconds. */
const LARGEST_JITTER_NS = 0x7fffffff;
const LARGEST_SEED = (1n << 64n) - 1n;

/** tc's words in tc's order: an abbreviation means the first that it begins. */
const WORDS: readonly (readonly [string, Option])[] = [
  ["limit", "limit"],
  ["latency", "delay"],
  ["delay", "delay"],
  ["loss", "loss"],
  ["drop", "loss"],
  ["ecn", "ecn"],
  ["reorder", "reorder"],
  ["corrupt", "corrupt"],
  ["gap", "gap"],
  ["duplicate", "duplicate"],
  ["distribution", "distribution"],
  ["rate", "rate"],
  ["slot", "slot"],
  ["seed", "seed"],
];

type Option =
  | "limit"
  | "delay"
  | "loss"
  | "ecn"
  | "reorder"
  | "corrupt"
  | "gap"
  | "duplicate"
  | "distribution"
  | "rate"
  | "slot"
  | "seed";

/**
 * The profile that a text describes; the empty text and `none` describe the perfect wire.
 *
 * @throws {ProfileError} naming the word and the column.
 *
 * @example
 * ```ts
 * parseProfile("delay 100ms 20ms loss 10% seed 42").delay?.ns; // 100_000_000
 * ```
 */
export function parseProfile(text: string): Profile {
  return new Parser(text).profile();
}

/**
 * What a reader of the text should know though it is right: where a bare number was taken for
 * microseconds, as tc(8) says (newer versions of tc itself take nanoseconds: write the unit).
 *
 * @throws {ProfileError} as `parseProfile` does.
 */
export function profileNotes(text: string): string[] {
  const parser = new Parser(text);
  parser.profile();
  return parser.notes;
}

class Parser {
  readonly #in: WordReader;
  readonly #seen = new Map<Option, Word>();
  readonly #profile = perfectWire();
  #gap = 0;
  #distribution: DistributionName | "uniform" | undefined;

  constructor(text: string) {
    this.#in = new WordReader(text);
  }

  get notes(): string[] {
    return this.#in.notes;
  }

  profile(): Profile {
    if (this.#in.left === 1 && this.#in.peek().text === "none") return this.#profile;
    while (this.#in.left > 0) this.#option();
    this.#combine();
    return this.#profile;
  }

  #option(): void {
    const word = this.#in.next();
    const option = optionOf(word);
    if (this.#seen.has(option)) throw fail(`Write ${option} only once`, word);
    this.#seen.set(option, word);
    const profile = this.#profile;
    switch (option) {
      case "limit":
        profile.limit = this.#in.number("the limit in packets, such as 1000", readSize, 0xffffffff);
        break;
      case "delay":
        this.#delay();
        break;
      case "loss":
        this.#loss();
        break;
      case "ecn":
        profile.ecn = true;
        break;
      case "corrupt":
      case "duplicate": {
        const chance = this.#in.chance(option);
        if (chance.percent > 0) profile[option] = chance;
        break;
      }
      case "reorder": {
        const chance = this.#in.chance(option);
        if (chance.percent > 0) profile.reorder = { ...chance, gap: 1 };
        break;
      }
      case "gap":
        this.#gap = this.#in.number(
          "the gap as a number of packets, such as 5",
          readInteger,
          0xffffffff,
        );
        break;
      case "distribution":
        this.#distribution = this.#distributionName(true);
        break;
      case "rate":
        this.#rate();
        break;
      case "slot":
        this.#slot();
        break;
      case "seed":
        this.#seed();
        break;
    }
  }

  #delay(): void {
    const ns = this.#in.time("the delay as a time such as 100ms", LONGEST_NS);
    let jitterNs = 0;
    let correlation = 0;
    if (this.#in.peekIsNumber()) {
      jitterNs = this.#in.time(
        "the jitter as a time up to 2.147s, such as 20ms",
        LARGEST_JITTER_NS,
      );
      const word = this.#in.peek();
      if (this.#in.peekIsNumber()) correlation = this.#in.percent("the delay's correlation");
      if (correlation > 0 && jitterNs === 0) {
        throw fail("Give a jitter above 0 for a correlation of the delay", word);
      }
    }
    if (ns > 0 || jitterNs > 0) this.#profile.delay = { ns, jitterNs, correlation };
  }

  #loss(): void {
    const kind = this.#in.peek();
    if (kind.text === "state") {
      this.#in.next();
      const [p13 = 0, p31, p32, p23, p14] = this.#in.percents("loss state", 5);
      this.#profile.loss = {
        kind: "state",
        p13,
        ...(p31 === undefined ? {} : { p31 }),
        ...(p32 === undefined ? {} : { p32 }),
        ...(p23 === undefined ? {} : { p23 }),
        ...(p14 === undefined ? {} : { p14 }),
      };
    } else if (kind.text === "gemodel") {
      this.#in.next();
      const [p = 0, r, lossInBad, lossInGood] = this.#in.percents("loss gemodel", 4);
      this.#profile.loss = {
        kind: "gemodel",
        p,
        ...(r === undefined ? {} : { r }),
        ...(lossInBad === undefined ? {} : { lossInBad }),
        ...(lossInGood === undefined ? {} : { lossInGood }),
      };
    } else {
      if (kind.text === "random") this.#in.next();
      const chance = this.#in.chance("loss");
      if (chance.percent > 0) this.#profile.loss = { kind: "random", ...chance };
    }
  }

  #rate(): void {
    const word = this.#in.peek();
    if (/^[\d.]+%$/.test(word.text)) {
      throw fail("Write the rate itself, such as 1mbit: the link has no speed to share", word);
    }
    const bytesPerSecond = this.#in.number(
      "the rate such as 1mbit or 100kbps",
      readRate,
      1e15,
    );
    if (bytesPerSecond === 0 && Number.parseFloat(word.text) !== 0) {
      throw fail("Write a rate of at least 8bit", word);
    }
    const signed = (what: string) =>
      this.#in.peekIsNumber()
        ? this.#in.number(what, (text) => readInteger(text, true), 0x7fffffff, -0x80000000)
        : 0;
    const overhead = signed("the rate's overhead in bytes, such as 14 or -14");
    const cellSize = this.#in.peekIsNumber()
      ? this.#in.number("the rate's cell size in bytes, such as 48", readInteger, 0xffffffff)
      : 0;
    const cellOverhead = signed("the rate's overhead per cell in bytes, such as 5");
    if (bytesPerSecond > 0) {
      this.#profile.rate = { bytesPerSecond, overhead, cellSize, cellOverhead };
    }
  }

  #slot(): void {
    const word = this.#in.peek();
    if (word.text === "distribution") {
      this.#in.next();
      const distribution = this.#distributionName(false);
      const delayNs = this.#in.time("the slot's delay as a time such as 1ms", LONGEST_NS);
      const jitter = this.#in.peek();
      const jitterNs = this.#in.time(
        "the slot's jitter as a time up to 2.147s, such as 1ms",
        LARGEST_JITTER_NS,
      );
      if (jitterNs === 0) throw fail("Write the slot's jitter as a time above 0", jitter);
      const bounds = this.#slotBounds();
      this.#profile.slot = { kind: "distribution", distribution, delayNs, jitterNs, ...bounds };
      return;
    }
    const minNs = this.#in.time("the slot as a time such as 20ms", LONGEST_NS);
    let maxNs = minNs;
    const maxWord = this.#in.peek();
    if (this.#in.peekIsNumber()) {
      maxNs = this.#in.time("the slot's longest delay as a time such as 40ms", LONGEST_NS);
    }
    if (maxNs < minNs) {
      throw fail("Write the slot's longest delay not under its shortest", maxWord);
    }
    if (maxNs === 0) throw fail("Write the slot as a time above 0", word);
    this.#profile.slot = { kind: "range", minNs, maxNs, ...this.#slotBounds() };
  }

  #slotBounds(): { packets: number; bytes: number } {
    const bounds = { packets: 0, bytes: 0 };
    const given = new Set<string>();
    for (;;) {
      const word = this.#in.peek();
      const name = word.text === ""
        ? undefined
        : (["packets", "bytes"] as const).find((full) => full.startsWith(word.text));
      if (name === undefined) return bounds;
      this.#in.next();
      if (given.has(name)) throw fail(`Write ${name} only once`, word);
      given.add(name);
      bounds[name] = name === "packets"
        ? this.#in.number("the packets of a slot as a number such as 10", readInteger, 0x7fffffff)
        : this.#in.number("the bytes of a slot as a size such as 3000 or 3k", readSize, 0x7fffffff);
    }
  }

  #seed(): void {
    const word = this.#in.next();
    const seed = /^\d{1,20}$/.test(word.text) ? BigInt(word.text) : LARGEST_SEED + 1n;
    if (seed > LARGEST_SEED) {
      throw fail("Write the seed as a whole number from 0 to 18446744073709551615", word);
    }
    this.#profile.seed = seed;
  }

  /** What belongs together but may stand apart in the text, and what tc and the kernel refuse. */
  #combine(): void {
    const profile = this.#profile;
    const at = (option: Option) => this.#seen.get(option) ?? this.#in.end;
    if (this.#distribution !== undefined) {
      if (profile.delay === undefined || profile.delay.jitterNs === 0) {
        throw fail(
          "Give a delay and a jitter for the distribution, such as delay 100ms 20ms",
          at("distribution"),
        );
      }
      if (this.#distribution !== "uniform") profile.delay.distribution = this.#distribution;
    }
    if (this.#gap > 0) {
      if (profile.reorder === undefined) {
        throw fail("Give a reorder above 0% for the gap, such as reorder 25% gap 5", at("gap"));
      }
      profile.reorder.gap = this.#gap;
    }
    if (profile.reorder !== undefined && (profile.delay?.ns ?? 0) === 0) {
      throw fail(
        "Give a delay above 0, such as delay 10ms: only a delayed packet can be overtaken",
        at("reorder"),
      );
    }
    if (profile.ecn && profile.loss === undefined) {
      throw fail("Give a loss above 0% for ecn, such as loss 1% ecn", at("ecn"));
    }
  }

  #distributionName(forDelay: boolean): DistributionName;
  #distributionName(forDelay: true): DistributionName | "uniform";
  #distributionName(forDelay: boolean): DistributionName | "uniform" {
    const word = this.#in.next();
    const name = DISTRIBUTION_NAMES.find((known) => known === word.text);
    if (name !== undefined) return name;
    if (forDelay && word.text === "uniform") return "uniform";
    const names = forDelay ? ["uniform", ...DISTRIBUTION_NAMES] : DISTRIBUTION_NAMES;
    throw fail(`Write one of ${names.join(", ")}`, word);
  }
}

function optionOf(word: Word): Option {
  if (word.text === "s") throw fail("Write slot or seed", word);
  const known = WORDS.find(([full]) => full.startsWith(word.text));
  if (known !== undefined) return known[1];
  const names = [...new Set(WORDS.map(([, option]) => option))];
  throw fail(
    word.text === "none" ? "Write none alone, or leave it out" : `Write one of ${names.join(", ")}`,
    word,
  );
}
