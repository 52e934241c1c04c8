/** What the two clients that send lines over TCP have in common. */
import type { Bench, Stream } from "../../../src/grade/mod.ts";
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

/** A time of which nobody thinks that a client made it up. */
export const DATE: number = Date.UTC(2001, 1, 3, 4, 5, 6);
