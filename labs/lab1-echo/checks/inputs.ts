/** What checks of this lab have in common: what is sent and read, and that a normal client is served. */
import {
  type Bench,
  letEnd,
  type Random,
  type Stream,
  type TestedProgram,
} from "../../../src/grade/mod.ts";

const LINE_FEED = 0x0a;

/** Every byte from 0x00 to 0xFF once, the line feed last: so it is a line, too. */
export function everyByte(random: Random): Uint8Array<ArrayBuffer> {
  const bytes = random.everyByte();
  return Uint8Array.from(bytes, (_, i) => bytes[(i + LINE_FEED + 1) % bytes.length]!);
}

/** Each byte comes back, and nothing else. */
export async function checkBytes(bench: Bench) {
  const bytes = everyByte(bench.random);
  await bench.startServer();
  const stream = await bench.step("a client connects", () => bench.connect());
  await bench.step("it sends every byte in one piece", () => stream.send(bytes));
  await bench.step("every byte comes back as it was", () => stream.expect(bytes));
  await bench.step("and nothing more", async () => {
    await ownClose(bench, stream); // What is sent behind them has come by then.
    const segments = (await bench.packets()).filter(({ dst }) => dst === stream.local);
    const sent = segments.reduce((sum, { tcp }) => sum + (tcp?.len ?? 0), 0);
    if (sent > bytes.length) {
      bench.fail(`More came back than the ${bytes.length} bytes that the client has sent`);
    }
  });
}

/**
 * Reads a large answer and compares it. How much of it came where it breaks off is chance, and is not told: a wrong
 * program gets the same feedback each time.
 */
export async function readAll(bench: Bench, stream: Stream, bytes: Uint8Array) {
  const came = await stream.read(bytes.length).catch((error) => {
    if (error.name !== "CheckFailure") throw error;
    const how = error.message.startsWith("Timed out") ? "Timed out" : "The connection ended";
    bench.fail(`${how} before all ${bytes.length.toLocaleString("en-US")} bytes had come`);
  });
  if (came.some((byte, i) => byte !== bytes[i])) bench.fail("Other bytes came than expected");
}

/** Sends text and expects it back. */
export async function sendAndExpect(stream: Stream, text: string) {
  await stream.send(text);
  await stream.expect(text);
}

/** A normal client is served, and closes: whatever happened before has not ended the server. */
export async function served(bench: Bench, server: TestedProgram) {
  await letEnd(bench, server);
  await bench.step("the next client sends a line and gets it back", async () => {
    const stream = await bench.connect();
    await sendAndExpect(stream, `${bench.random.words(5)}\n`);
    await ownClose(bench, stream);
    await stream.close();
  });
}

/**
 * Lets a server close by itself that does so without being asked; resolves to whether it did. Were we to close at the
 * very same moment, both sides would be in TIME-WAIT, and the next program could not listen without SO_REUSEADDR.
 */
export async function ownClose(bench: Bench, stream: Stream): Promise<boolean> {
  const until = performance.now() + 100;
  let closed = false;
  await bench.until("a moment passes", async () => {
    const packets = await bench.packets();
    closed = packets.some(({ dst, tcp }) => dst === stream.local && /[FR]/.test(tcp?.flags ?? ""));
    return closed || performance.now() >= until || undefined;
  });
  return closed;
}
