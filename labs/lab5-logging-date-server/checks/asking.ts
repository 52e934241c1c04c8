/** Asking the server, and judging the date that it answers. */
import { type Bench, readDates } from "../../../src/grade/mod.ts";

/** Milliseconds by which a date may be off our clock, beside the second that it may be cut to. */
const TOLERANCE = 2_000;

/** Whether a line has a date and time in it that lies between two of ours. */
export function hasDate(line: string, { from, to }: { from: number; to: number }): boolean {
  return readDates(line).some(({ time }) =>
    time + 999 >= from - TOLERANCE && time <= to + TOLERANCE
  );
}

/** Asks on a connection of its own; returns the client's address once an answer has come. */
export async function ask(bench: Bench, text: string, host = 1): Promise<string> {
  const stream = await bench.connect({ host });
  await stream.send(`${text}\n`);
  await stream.readLine();
  return stream.local;
}

/** Asks, and fails unless the answer is the date of now; returns it. */
export async function askDate(bench: Bench): Promise<string> {
  const asked = Date.now();
  const stream = await bench.connect({ host: 3 });
  await stream.send("What time is it?\n");
  const line = new TextDecoder().decode(await stream.readLine());
  if (!hasDate(line, { from: asked, to: Date.now() })) {
    bench.fail("The answer is no date and time of now, to the second", { actual: line });
  }
  return line;
}
