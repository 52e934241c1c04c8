/** Stamps: what stands before the data in an answer, `[Sat Nov 21 04:31:00 2026] `. */
import { type Bench, type Bytes, readDates } from "../../../src/grade/mod.ts";

const WEEKDAYS = "Sun|Mon|Tue|Wed|Thu|Fri|Sat";
const MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
/** The day padded or not: which of the two is wrong shows on nine days a month only, and a verdict is not to. */
const STAMP = new RegExp(
  `^\\[((?:${WEEKDAYS}) (?:${MONTHS}) (?: \\d|\\d{1,2}) \\d\\d:\\d\\d:\\d\\d \\d{4})\\] `,
);
/** Bytes of a stamp as ctime() has it, its brackets and the space behind them included. */
export const STAMP_LENGTH = 27;
/** Milliseconds by which a stamp may be off our clock: it has whole seconds, and clocks differ. */
const LENIENCE_MS = 2_000;

/** Returns the time as C's ctime() prints it. */
export function ctime(at: number, timeZone = "UTC"): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    year: "numeric",
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const time = `${part.hour}:${part.minute}:${part.second}`;
  return `${part.weekday} ${part.month} ${part.day?.padStart(2)} ${time} ${part.year}`;
}

/** Returns the answer to data: what a peer at a server's place sends. */
export function stamped(data: Bytes, at: number = Date.now()): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...utf8(`[${ctime(at)}] `), ...(utf8(data))]);
}

/** Fails unless an answer is a stamp as ctime() prints it, and the data. */
export function expectStamped(bench: Bench, answer: Uint8Array, data: Bytes, what: string): void {
  expectBehind(bench, STAMP, answer, data, what);
}

/**
 * Fails unless an answer is something in brackets and the data: for checks that are about anything but the stamp. Returns
 * what stands in the brackets.
 */
export function expectAnswer(bench: Bench, answer: Uint8Array, data: Bytes, what: string): string {
  return expectBehind(bench, /^\[([^\]]*)\] /, answer, data, what);
}

function expectBehind(
  bench: Bench,
  pattern: RegExp,
  answer: Uint8Array,
  data: Bytes,
  what: string,
): string {
  const [stamp, inside = ""] =
    pattern.exec(new TextDecoder("latin1").decode(answer.slice(0, 80))) ??
      [`[${ctime(Date.now())}] `];
  bench.expectBytes(answer, Uint8Array.from([...utf8(stamp), ...utf8(data)]), what);
  return inside;
}

/** Fails unless a stamp shows a time between two of ours, in a time zone. */
export function expectTime(
  bench: Bench,
  stamp: string,
  { after, before, timeZone }: { after: number; before: number; timeZone: string },
): void {
  const near = (time: number) => time >= after - LENIENCE_MS && time <= before + LENIENCE_MS;
  if (readDates(stamp, timeZone).some(({ time }) => near(time))) return;
  bench.fail(
    `The stamp says ${stamp}, where the clock in the server's time zone, ${timeZone}, shows ` +
      ctime(before, timeZone),
  );
}

function utf8(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}
