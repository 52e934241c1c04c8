/** What the two clients that send lines over TCP have in common. */
import { type Bench, expectFailure, type Listener, type Stream } from "../../../src/grade/mod.ts";
import { stamped } from "./stamp.ts";

/** Expects a line from a client, whatever ends it. */
export async function expectLine(bench: Bench, stream: Stream, text: string): Promise<void> {
  bench.expectBytes(await stream.readLine(), text, `The line "${text}"`);
}

/** Answers a line as a right server does; returns the answer without its end, as a client prints it. */
export async function answer(stream: Stream, data: string | Uint8Array): Promise<Uint8Array> {
  const text = stamped(data, DATE);
  await stream.send(Uint8Array.from([...text, 0x0d, 0x0a]));
  return text;
}

/** Starts a client with another port than the one on which somebody listens: it is refused. */
export async function expectOtherPort(bench: Bench): Promise<void> {
  await bench.listen();
  const port = bench.port + 1;
  const client = await bench.startClient({
    args: ["--port", `${port}`],
    lines: [bench.random.words(5)],
  });
  await bench.step(
    `somebody listens, but not on the ${port} of --port: the same again`,
    () => expectFailure(bench, client),
  );
}

/** Starts a client, and resets its connection instead of an answer: it says so in one line, and exits with status 1. */
export async function expectResetTold(bench: Bench, listener: Listener): Promise<void> {
  const word = bench.random.words(5);
  const client = await bench.startClient();
  await bench.step("another client reads a line from its input", () => client.type(word));
  const stream = await bench.step("it connects", () => listener.accept());
  await bench.step("the line comes", () => expectLine(bench, stream, word));
  await bench.step("the server resets the connection (RST)", () => stream.reset());
  await bench.step(
    "the client says so in one line, and exits with an error",
    () => expectFailure(bench, client),
  );
}

/** A time of which nobody thinks that a client made it up. */
export const DATE: number = Date.UTC(2001, 1, 3, 4, 5, 6);
