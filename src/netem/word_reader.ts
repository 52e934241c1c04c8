/** Reads the words of a profile one after the other, as numbers of each kind, or refuses them. */
import { chanceOf } from "./chance.ts";
import { ProfileError } from "./error.ts";
import { isBare, readPercent, readRate, readTime } from "./units.ts";

/** What a bare number of a time counts. */
export interface BareTime {
  name: string;
  unit: string;
  ns: number;
}

/** As tc(8) has it for all times but those of slots. */
const microseconds: BareTime = { name: "microseconds", unit: "us", ns: 1000 };

/** As every tc reads the times of slots. */
export const nanoseconds: BareTime = { name: "nanoseconds", unit: "ns", ns: 1 };

/** A word of the text and where it begins, from 1. */
export interface Word {
  text: string;
  column: number;
}

/** The words of a text, in order. Whatever it refuses it throws as a {@link ProfileError}. */
export class WordReader {
  /** What the user should know about what was read. */
  readonly notes: string[] = [];
  /** What stands for a word where the text has ended. */
  readonly end: Word;
  readonly #words: Word[];
  #at = 0;

  constructor(text: string) {
    this.#words = Array.from(
      text.matchAll(/\S+/g),
      (match) => ({ text: match[0], column: match.index + 1 }),
    );
    this.end = { text: "", column: text.trimEnd().length + 1 };
  }

  /** How many words are left. */
  get left(): number {
    return this.#words.length - this.#at;
  }

  /** A chance with its correlation, 0 where none follows. */
  chance(name: string): { percent: number; correlation: number } {
    const written = this.percent(`the ${name}`);
    // The kernel has 32 bits for a chance: less than half of the smallest is none.
    const percent = chanceOf(written) === 0 ? 0 : written;
    const word = this.peek();
    const correlation = this.peekIsNumber() ? this.percent(`the ${name}'s correlation`) : 0;
    if (correlation > 0 && percent === 0) {
      throw fail(`Give a ${name} above 0% for a correlation`, word);
    }
    return { percent, correlation };
  }

  /** One to `most` percentages. */
  percents(name: string, most: number): number[] {
    const percents = [this.percent(`the first chance of ${name}`)];
    while (percents.length < most && this.peekIsNumber()) {
      percents.push(this.percent(`chance ${percents.length + 1} of ${name}`));
    }
    return percents;
  }

  /** A percentage from 0 to 100. */
  percent(what: string): number {
    return this.number(`${what} as a percentage from 0% to 100%, such as 10%`, readPercent, 100);
  }

  /**
   * A time in nanoseconds; a bare number leaves a note.
   *
   * @param bare What it counts.
   */
  time(what: string, longest: number, bare: BareTime = microseconds): number {
    const word = this.peek();
    const ns = this.number(what, (text) => readTime(text, bare.ns)?.ns ?? null, longest);
    if (ns > 0) this.#note(word, bare.name, bare.unit, "ms for milliseconds");
    return ns;
  }

  /** A rate in bytes per second; a bare number, of bits per second, leaves a note. */
  rate(what: string, largest: number): number {
    const word = this.peek();
    const rate = this.number(what, readRate, largest);
    if (rate > 0) this.#note(word, "bits per second", "bit", "kbit for thousands");
    return rate;
  }

  #note({ text, column }: Word, taken: string, unit: string, other: string): void {
    if (!isBare(text)) return;
    this.notes.push(
      `${text} in column ${column} was taken for ${text} ${taken}: write ${text}${unit}, or ${text}${other}`,
    );
  }

  /** A number that `read` understands, between the bounds; `what` says what to write. */
  number(
    what: string,
    read: (text: string) => number | null,
    largest: number,
    smallest = 0,
  ): number {
    const word = this.next();
    const value = read(word.text);
    if (value === null || value > largest || value < smallest) throw fail(`Write ${what}`, word);
    return value;
  }

  /** The next word, without taking it. */
  peek(): Word {
    return this.#words[this.#at] ?? this.end;
  }

  /** Whether the next word is meant as a number, however badly: then it is read, or refused, as one. */
  peekIsNumber(): boolean {
    return /^[+-]?\.?\d/.test(this.peek().text);
  }

  /** Takes the next word. */
  next(): Word {
    const word = this.peek();
    if (this.#at < this.#words.length) this.#at++;
    return word;
  }
}

/** The error that names a word. */
export function fail(advice: string, word: Word): ProfileError {
  return new ProfileError(advice, word.text, word.column);
}
