/** Reads and writes scripts. */
import { ProfileError } from "./error.ts";
import {
  emptyScriptLine,
  isEmptyScriptLine,
  type PacketRange,
  type Script,
  type ScriptLine,
} from "./script.ts";
import { readTime, timeText } from "./units.ts";

const VERBS = ["lose", "duplicate", "corrupt", "delay", "hold"] as const;
type VerbName = typeof VERBS[number];
type DirectionName = "up" | "down";

const LARGEST_NUMBER = 0xffffffff;
const LONGEST_NS = 4_294_967_295_000;

interface Token {
  text: string;
  column: number;
}

/** One range as written, with what it says. */
interface Statement extends PacketRange {
  verb: VerbName;
  word: Token;
  ns: number;
  until: number;
}

/**
 * The script that a text describes. Statements are separated by `;`, commas or new lines. `up:` and
 * `down:` say for which direction the statements after them are; before the first, they are `up`'s.
 *
 * @throws {ProfileError} naming the word and the column.
 *
 * @example
 * ```ts
 * parseScript("lose 1,4; down: duplicate 6").down.duplicate; // [{ from: 6, to: 6 }]
 * ```
 */
export function parseScript(text: string): Script {
  return new ScriptParser(text, true).script();
}

/**
 * The script of one direction, as the control protocol carries it: without `up:` and `down:`.
 *
 * @throws {ProfileError} naming the word and the column.
 */
export function parseScriptLine(text: string): ScriptLine {
  return new ScriptParser(text, false).script().up;
}

/** The canonical text of a script; `parseScript` reads it back to the same. */
export function formatScript(script: Script): string {
  const parts: string[] = [];
  const { up, down } = script;
  if (!isEmptyScriptLine(up)) {
    parts.push(`${isEmptyScriptLine(down) ? "" : "up: "}${formatScriptLine(up)}`);
  }
  if (!isEmptyScriptLine(down)) parts.push(`down: ${formatScriptLine(down)}`);
  return parts.join("; ");
}

/** The canonical text of one direction's script; `parseScriptLine` reads it back to the same. */
export function formatScriptLine(line: ScriptLine): string {
  const parts: string[] = [];
  for (const verb of ["lose", "duplicate", "corrupt"] as const) {
    if (line[verb].length > 0) parts.push(`${verb} ${line[verb].map(rangeText).join(",")}`);
  }
  for (const range of line.delay) parts.push(`delay ${rangeText(range)} by ${timeText(range.ns)}`);
  for (const { packet, until } of line.hold) parts.push(`hold ${packet} until ${until}`);
  return parts.join("; ");
}

function rangeText({ from, to }: PacketRange): string {
  return from === to ? String(from) : `${from}-${to}`;
}

class ScriptParser {
  readonly #tokens: Token[];
  readonly #end: Token;
  readonly #statements: Record<DirectionName, Statement[]> = { up: [], down: [] };
  #direction: DirectionName = "up";
  #at = 0;

  constructor(text: string, readonly directions: boolean) {
    this.#tokens = Array.from(
      text.matchAll(/[,;:\n]|[^\s,;:]+/g),
      (match) => ({ text: match[0], column: match.index + 1 }),
    );
    this.#end = { text: "", column: text.trimEnd().length + 1 };
  }

  script(): Script {
    while (this.#at < this.#tokens.length) {
      if (this.#takeSeparator() || this.#takeDirection()) continue;
      this.#statement();
      if (this.#at < this.#tokens.length && !this.#takeSeparator()) {
        throw fail("Write a semicolon before the next statement", this.#peek());
      }
    }
    return { up: assemble(this.#statements.up), down: assemble(this.#statements.down) };
  }

  #takeSeparator(): boolean {
    if (![";", ",", "\n"].includes(this.#peek().text)) return false;
    this.#at++;
    return true;
  }

  #takeDirection(): boolean {
    const word = this.#peek();
    if (word.text !== "up" && word.text !== "down") return false;
    if (!this.directions) {
      throw fail("Leave out up and down: this script is for one direction", word);
    }
    this.#at++;
    const colon = this.#next();
    if (colon.text !== ":") throw fail(`Write ${word.text}: with a colon`, colon);
    this.#direction = word.text;
    return true;
  }

  #statement(): void {
    const word = this.#next();
    const verb = VERBS.find((known) => known === word.text);
    if (verb === undefined) {
      throw fail("Write lose, duplicate, corrupt, delay or hold, such as lose 1,4", word);
    }
    const list = this.#statements[this.#direction];
    if (verb === "hold") {
      const packet = this.#packet("Write the number of the packet to hold, such as hold 8 until 9");
      this.#keyword("until", "Write until and a packet's number, such as hold 8 until 9");
      const last = this.#peek();
      const until = this.#packet("Write the number of the packet to wait for");
      if (until <= packet) {
        throw fail("Name a later packet to wait for, such as hold 8 until 9", last);
      }
      list.push({ verb, word, from: packet, to: packet, ns: 0, until });
      return;
    }
    const ranges = this.#ranges(verb);
    let ns = 0;
    if (verb === "delay") {
      this.#keyword("by", "Write by and a time, such as delay 2 by 500ms");
      const time = this.#next();
      const read = readTime(time.text);
      if (read === null || read.bare || read.ns > LONGEST_NS || read.ns === 0) {
        throw fail("Write a time above 0 with its unit, such as 500ms", time);
      }
      ns = read.ns;
    }
    for (const range of ranges) list.push({ verb, ns, until: 0, ...range });
  }

  #ranges(verb: string): (PacketRange & { word: Token })[] {
    const ranges = [this.#range(verb)];
    // A comma goes on with the list where a number follows, else it ends the statement.
    while (this.#peek().text === "," && /^[\d-]/.test(this.#tokens[this.#at + 1]?.text ?? "")) {
      this.#at++;
      ranges.push(this.#range(verb));
    }
    return ranges;
  }

  #range(verb: string): PacketRange & { word: Token } {
    const word = this.#next();
    const match = /^(\d+)(?:-(\d+))?$/.exec(word.text);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (match === null || from < 1 || to < from || to > LARGEST_NUMBER) {
      throw fail(`Write packet numbers from 1, such as ${verb} 1,4 or ${verb} 3-5`, word);
    }
    return { from, to, word };
  }

  #packet(advice: string): number {
    const word = this.#next();
    const packet = /^\d+$/.test(word.text) ? Number(word.text) : 0;
    if (packet < 1 || packet > LARGEST_NUMBER) throw fail(advice, word);
    return packet;
  }

  #keyword(keyword: string, advice: string): void {
    const word = this.#next();
    if (word.text !== keyword) throw fail(advice, word);
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? this.#end;
  }

  #next(): Token {
    const token = this.#peek();
    if (this.#at < this.#tokens.length) this.#at++;
    return token;
  }
}

/** Sorts statements into a script; refuses what contradicts itself. */
function assemble(statements: Statement[]): ScriptLine {
  const of = (verb: VerbName) =>
    statements.filter((statement) => statement.verb === verb).sort((a, b) => a.from - b.from);
  const lose = of("lose");
  refuseShared(lose, [...of("duplicate"), ...of("corrupt"), ...of("delay"), ...of("hold")]);
  refuseTwice(of("delay"), "Delay a packet only once");
  refuseTwice(of("hold"), "Hold a packet only once");
  return {
    ...emptyScriptLine(),
    lose: merge(lose),
    duplicate: merge(of("duplicate")),
    corrupt: merge(of("corrupt")),
    delay: of("delay").map(({ from, to, ns }) => ({ from, to, ns })),
    hold: of("hold").map(({ from, until }) => ({ packet: from, until })),
  };
}

function refuseShared(lost: Statement[], others: Statement[]): void {
  for (const other of others) {
    const both = lost.find((range) => range.from <= other.to && other.from <= range.to);
    if (both !== undefined) {
      const later = both.word.column > other.word.column ? both : other;
      throw fail("Name a lost packet nowhere else", later.word);
    }
  }
}

/** Of ranges sorted by their beginning. */
function refuseTwice(ranges: Statement[], advice: string): void {
  let before: Statement | undefined;
  for (const range of ranges) {
    if (before !== undefined && range.from <= before.to) {
      throw fail(advice, range.word.column > before.word.column ? range.word : before.word);
    }
    before = range;
  }
}

/** Joins ranges that overlap or touch; they are sorted by their beginning. */
function merge(ranges: Statement[]): PacketRange[] {
  const merged: PacketRange[] = [];
  for (const { from, to } of ranges) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else merged.push({ from, to });
  }
  return merged;
}

function fail(advice: string, word: Token): ProfileError {
  return new ProfileError(advice, word.text, word.column);
}
