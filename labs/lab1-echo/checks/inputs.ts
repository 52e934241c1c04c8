/** What the servers of this lab have in common: what they are sent, and that a normal client is served. */
import type { Bench } from "../../../src/grade/mod.ts";

const LINE_FEED = 0x0a;

/** Every byte from 0x00 to 0xFF once, the line feed last: so it is a line, too. */
export const EVERY_BYTE: Uint8Array<ArrayBuffer> = Uint8Array.from(
  { length: 256 },
  (_, i) => (i + LINE_FEED + 1) % 256,
);

/** Each byte comes back. */
export async function checkBytes(bench: Bench) {
  await bench.startServer();
  const stream = await bench.step("a client connects", () => bench.connect());
  await bench.step("it sends every byte in one piece", () => stream.send(EVERY_BYTE));
  await bench.step("every byte comes back as it was", () => stream.expect(EVERY_BYTE));
}

/** A normal client is served. */
export async function served(bench: Bench) {
  await bench.step("the next client sends a line and gets it back", async () => {
    const stream = await bench.connect();
    await stream.send("hello\n");
    await stream.expect("hello\n");
  });
}
