/** What a pinger prints at its end, read as its user does. */
import type { Bench, TestedClient } from "../../../src/grade/mod.ts";

/** What is judged of a line that counts. */
interface Counted {
  sent: number;
  received: number;
  /** The share that is lost, too. */
  andLoss?: boolean;
  /** The number of the request that we have answered late on purpose. */
  late?: number;
}

/** Waits for the line that counts, and fails unless it has these figures. */
export async function expectStatistics(
  bench: Bench,
  client: TestedClient,
  { sent, received, andLoss = false, late }: Counted,
): Promise<void> {
  const lost = Number((100 * (sent - received) / sent).toPrecision(6));
  const expected = `${sent} packets transmitted, ${received} received, ${lost}% packet loss`;
  const line = await bench.until(
    `a line as "${expected}"`,
    () => linesOf(client).find((text) => text.includes("packets transmitted")),
  );
  // Duplicates and errors may be named before the loss, as ping does.
  const figures = /^(\d+) packets transmitted, (\d+) received,.* (\S+)% packet loss/.exec(line);
  const [, theirSent, theirReceived, theirLost] = (figures ?? []).map(Number);
  const lossIsTheirs = !andLoss || Math.abs((theirLost ?? NaN) - lost) < 1;
  if (theirSent === sent && theirReceived === received && lossIsTheirs) return;
  await giveUpIfSlow(bench, late);
  bench.fail("The client's line is another", { expected, actual: line });
}

/** The longest that an answer of ours may take, of a time limit of 1,500 ms. */
const SLOW_MS = 1_100;

/** Gives up where the machine was so busy that the client may rightly have taken an answer for late. */
async function giveUpIfSlow(bench: Bench, late?: number): Promise<void> {
  const packets = await bench.packets();
  const answers = packets.filter(({ dir }) => dir === "down");
  for (const { head = "", t_us } of packets.filter(({ dir }) => dir === "up")) {
    const request = atob(head);
    if (request.startsWith(`ping ${late} `)) continue;
    const answer = answers.find((one) => atob(one.head ?? "") === request.toUpperCase());
    const ms = ((answer?.copies[0]?.at_us ?? t_us) - t_us) / 1000;
    if (ms < SLOW_MS) continue;
    bench.inconclusive(
      `An answer took ${Math.round(ms)} ms: the machine is too busy for this check`,
    );
  }
}

/** Fails unless so many answers have a line with a round trip in milliseconds each, whatever else it says. */
export function expectAnswerLines(bench: Bench, client: TestedClient, answers: number): void {
  const lines = linesOf(client)
    .filter((text) => /\d ?ms\b/.test(text) && !text.includes("min/avg/max"));
  if (lines.length >= answers) return;
  const printed = lines.length === 1 ? "1 line" : `${lines.length} lines`;
  bench.fail(`It printed ${printed} with a time in ms, where ${answers} answers have come`);
}

/** Waits for the line of round-trip times, and fails unless they can be those of answers that take so many milliseconds. */
export async function expectTimes(
  bench: Bench,
  client: TestedClient,
  { least }: { least: number },
): Promise<void> {
  const form = "rtt min/avg/max/mdev = 1.234/1.345/1.456/0.123 ms";
  const line = await bench.until(
    `a line as "${form}"`,
    () => linesOf(client).find((text) => text.includes("min/avg/max")),
  );
  const match = /^rtt min\/avg\/max\/mdev = ([\d.]+)\/([\d.]+)\/([\d.]+)\/([\d.]+) ms$/.exec(line);
  if (match === null) bench.fail("The client's line is another", { expected: form, actual: line });
  const [min, average, max, mdev] = match.slice(1).map(Number) as [number, number, number, number];
  if (!(min > 0 && min <= average && average <= max)) {
    bench.fail(`The minimum, ${min}, the average, ${average}, and the maximum, ${max}, do not fit`);
  }
  if (min < least - 1) {
    bench.fail(`The minimum is below the ${least} ms that each answer takes on the link alone`);
  }
  // No values are further from their mean, on average, than half their range.
  if (!(mdev <= (max - min) / 2 + 0.01)) {
    bench.fail(`The deviation, ${mdev}, is more than half of what lies between ${min} and ${max}`);
  }
}

function linesOf(client: TestedClient): string[] {
  // The last piece has not come to its end yet.
  return new TextDecoder().decode(client.stdout).split("\n").slice(0, -1).map((line) =>
    line.trim()
  );
}
