/** What the two clients that send lines over TCP have in common. */
import type { Bench, Stream, TestedClient } from "../../../src/grade/mod.ts";
import { stamped } from "./stamp.ts";

/** Expects a line with CRLF from a client. */
export async function expectLine(bench: Bench, stream: Stream, text: string): Promise<void> {
  const expected = new TextEncoder().encode(`${text}\r\n`);
  bench.expectBytes(await stream.read(expected.length), expected, `The line "${text}"`);
}

/** Answers a line as a right server does; returns the answer without its end, as a client prints it. */
export async function answer(stream: Stream, data: string | Uint8Array): Promise<Uint8Array> {
  const text = stamped(data, DATE);
  await stream.send(Uint8Array.from([...text, 0x0d, 0x0a]));
  return text;
}

/** A time of which nobody thinks that a client made it up. */
export const DATE: number = Date.UTC(2001, 1, 3, 4, 5, 6);

/** Fails unless the client ends with a status. */
export async function expectExit(
  bench: Bench,
  client: TestedClient,
  status: 0 | "an error",
): Promise<void> {
  const { code, signal } = await client.ended();
  if (signal !== null) bench.fail(`${signal} ended the client: it does not handle it`);
  if (status === 0 && code !== 0) bench.fail(`The client exited with status ${code}, not 0`);
  if (status !== 0 && code === 0) {
    bench.fail("The client exited with status 0, as if nothing had gone wrong");
  }
}

/** Fails unless the client ends with status 1 and one line, which says what is wrong. */
export async function expectFault(bench: Bench, client: TestedClient): Promise<void> {
  await expectExit(bench, client, "an error");
  const lines = client.output.filter(({ stream, text }) =>
    stream === "stderr" && text.trim() !== ""
  );
  if (lines.length === 0) bench.fail("The client says nothing on standard error");
  if (lines.length > 2) {
    bench.fail(
      "The client prints more than a clear line on standard error, such as a stack trace",
      {
        expected: "one line",
        actual: lines.map(({ text }) => text).join("\n"),
      },
    );
  }
}
