/** Asking the server, and judging the date that it answers. */
import { type Bench, readDates } from "../../../src/grade/mod.ts";

/** Milliseconds by which a date may be off our clock, beside the second that it may be cut to. */
const TOLERANCE = 2_000;

/** Whether a line has a date and time in it that lies between two of ours. */
export function hasDate(
  line: string,
  { from, to, timeZone = "UTC", zoned = false }: {
    from: number;
    to: number;
    /** The server's. */
    timeZone?: string;
    /** Whether the line itself must say in which zone it is meant. */
    zoned?: boolean;
  },
): boolean {
  return readDates(line, timeZone).some((date) =>
    date.time + 999 >= from - TOLERANCE && date.time <= to + TOLERANCE && (date.zoned || !zoned)
  );
}

/** Asks on a connection of its own; returns the client's address once an answer has come. */
export async function ask(
  bench: Bench,
  { text = question(bench), host = 1 }: { text?: string; host?: number } = {},
): Promise<string> {
  const stream = await bench.connect({ host });
  await stream.send(`${text}\n`);
  await stream.readLine();
  return stream.local;
}

/** A request that nobody knows before. */
export function question(bench: Bench): string {
  return `What time is it, ${bench.random.text(8)}`;
}

/** Asks, and fails unless the answer is the date of now and, of a server in `timeZone`, says so by itself; returns it. */
export async function askDate(bench: Bench, timeZone?: string): Promise<string> {
  const asked = Date.now();
  const stream = await bench.connect({ host: 3 });
  await stream.send("What time is it?\n");
  const line = new TextDecoder().decode(await stream.readLine());
  const now = { from: asked, to: Date.now(), ...(timeZone === undefined ? {} : { timeZone }) };
  if (!hasDate(line, now)) {
    bench.fail("The answer is no date and time of now, to the second", { actual: line });
  }
  if (timeZone !== undefined && !hasDate(line, { ...now, zoned: true })) {
    bench.fail("The answer does not say how far it is from UTC", { actual: line });
  }
  return line;
}
