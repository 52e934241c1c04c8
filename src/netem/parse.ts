/** Reads a profile as tc-netem(8) writes it. */
import {
  readDelay,
  readDelayDistribution,
  readLoss,
  readRateOption,
  readSeed,
  readSlot,
} from "./parse_options.ts";
import { type DistributionName, perfectWire, type Profile } from "./profile.ts";
import { readInteger, readSize } from "./units.ts";
import { fail, type Word, WordReader } from "./word_reader.ts";

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
 * What a reader of the text should know though it is right: which bare numbers were taken for microseconds, as tc(8)
 * says (tc itself takes nanoseconds from 6.15 on: write the unit), for nanoseconds (the times of slots, which every tc
 * reads so), or for bits per second.
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
        assign(profile, "delay", readDelay(this.#in));
        break;
      case "loss":
        assign(profile, "loss", readLoss(this.#in));
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
        this.#distribution = readDelayDistribution(this.#in);
        break;
      case "rate":
        assign(profile, "rate", readRateOption(this.#in));
        break;
      case "slot":
        profile.slot = readSlot(this.#in);
        break;
      case "seed":
        profile.seed = readSeed(this.#in);
        break;
    }
  }

  /** What belongs together but may stand apart in the text, and what tc and the kernel refuse. */
  #combine(): void {
    const profile = this.#profile;
    const at = (option: Option) => this.#seen.get(option) ?? this.#in.end;
    if (this.#distribution !== undefined) {
      // Of a delay that is 0 on average half the values would be below 0: tc refuses it.
      if (!profile.delay?.ns || profile.delay.jitterNs === 0) {
        throw fail(
          "Give a delay and a jitter above 0 for the distribution, such as delay 100ms 20ms",
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
}

/** Sets what is not the wire's own already: an option of all zeros is no option. */
function assign<Name extends "delay" | "loss" | "rate">(
  profile: Profile,
  name: Name,
  value: Profile[Name],
): void {
  if (value !== undefined) profile[name] = value;
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
