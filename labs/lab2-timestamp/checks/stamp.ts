/** Stamps: what stands before the data in an answer, `[Sat Nov 21 04:31:00 2026] `. */
import type { Bench, Bytes } from "../../../src/grade/mod.ts";

const WEEKDAYS = "Sun|Mon|Tue|Wed|Thu|Fri|Sat";
const MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
/** The day padded or not: which of the two is wrong shows on nine days a month only, and a verdict is not to. */
const STAMP = new RegExp(
  `^\\[((?:${WEEKDAYS}) (?:${MONTHS}) (?: \\d|\\d{1,2}) \\d\\d:\\d\\d:\\d\\d \\d{4})\\] `,
);
/** Milliseconds by which the program's clock may be off ours. */
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

/** Fails unless an answer is a stamp and the data; returns the stamp's time as it stands there. */
export function expectStamped(bench: Bench, answer: Uint8Array, data: Bytes, what: string): string {
  const match = STAMP.exec(new TextDecoder("latin1").decode(answer.subarray(0, 40)));
  const stamp = match?.[0] ?? `[${ctime(Date.now())}] `;
  bench.expectBytes(answer, Uint8Array.from([...utf8(stamp), ...utf8(data)]), what);
  return match?.[1] ?? "";
}

/** Fails unless a stamp shows a time between two of ours, in a time zone. */
export function expectTime(
  bench: Bench,
  stamp: string,
  { after, before, timeZone }: { after: number; before: number; timeZone: string },
): void {
  const seconds = [];
  for (let at = after - LENIENCE_MS; at <= before + LENIENCE_MS; at += 1_000) seconds.push(at);
  const plain = (text: string) => text.replace(/ +0?/g, " ");
  if (seconds.some((at) => plain(ctime(at, timeZone)) === plain(stamp))) return;
  bench.fail(`The stamp is not the time of the server's clock in its time zone, ${timeZone}`, {
    expected: ctime(before, timeZone),
    actual: stamp,
  });
}

function utf8(bytes: Bytes): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}
