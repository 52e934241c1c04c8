/** Asking the date, and judging the answer. */
import { type Bench, readDates, type Stream } from "../../../src/grade/mod.ts";

export const REQUEST = "What time is it?\n";

/** Milliseconds by which an answer may be off, beside the second that it may be cut to. */
const TOLERANCE = 2_000;

/** Sends a request; returns the answer's line as text, and when it was asked and answered. */
export async function ask(stream: Stream) {
  const asked = Date.now();
  await stream.send(REQUEST);
  return await answerTo(stream, asked);
}

/** Reads the answer to a request that was sent at `asked`. */
export async function answerTo(stream: Stream, asked: number) {
  const line = new TextDecoder().decode(await stream.readLine());
  return { line, asked, answered: Date.now() };
}

/** Fails unless the line is a date and time in any common format, and that of now in the server's zone. */
export function expectNow(
  bench: Bench,
  { line, asked, answered }: Awaited<ReturnType<typeof ask>>,
  { timeZone, zoned = false }: {
    timeZone: string;
    /** Whether the line itself must say in which zone it is meant. */
    zoned?: boolean;
  },
) {
  const readings = readDates(line, timeZone);
  if (readings.length === 0) {
    bench.fail("The line is no date and time, to the second, in any common format", {
      actual: line,
    });
  }
  const offs = readings
    .filter((reading) => reading.zoned || !zoned)
    .map(({ time }) =>
      time < asked ? Math.min(0, time + 999 - asked) : Math.max(0, time - answered)
    );
  if (offs.length === 0) {
    bench.fail("The line does not say how far it is from UTC: elsewhere, it means another moment");
  }
  const off = offs.reduce((a, b) => Math.abs(b) < Math.abs(a) ? b : a);
  if (Math.abs(off) <= TOLERANCE) return;
  bench.fail(`The date is ${duration(Math.abs(off))} ${off < 0 ? "behind" : "ahead of"} the clock`);
}

/** Fails unless the second answer is later than the first by the 2 s or more that were between them. */
export function expectLater(bench: Bench, first: { line: string }, second: { line: string }) {
  const apart = readDates(first.line).flatMap(({ time }) =>
    readDates(second.line).map((reading) => reading.time - time)
  );
  // Whether these are dates is another check's subject.
  const later = apart.length === 0 ? second.line !== first.line : apart.some((ms) => ms >= 2_000);
  if (!later) bench.fail("The second answer is not later by the 2 s that have passed");
}

/** `5 h 45 min`, `12 s`; days from two on. */
function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 2) return `${Math.round(ms / 1000)} s`;
  if (minutes < 60) return `${minutes} min`;
  if (minutes >= 48 * 60) return `${Math.round(minutes / (24 * 60))} days`;
  return `${Math.floor(minutes / 60)} h` + (minutes % 60 === 0 ? "" : ` ${minutes % 60} min`);
}

/** Lets time pass: what is awaited here is the clock itself. */
export async function pass(bench: Bench, ms: number) {
  const from = performance.now();
  await bench.until(
    `the clock goes on by ${ms} ms`,
    () => performance.now() >= from + ms || undefined,
  );
}

/** Fails where the server has sent anything so far. */
export async function expectSilence(bench: Bench, message: string) {
  const sent = (await bench.packets()).some(({ dir, tcp }) =>
    dir === "down" && (tcp?.len ?? 0) > 0
  );
  if (sent) bench.fail(message);
}
