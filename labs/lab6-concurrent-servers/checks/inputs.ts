/** What servers are sent, and that the next client is served. */
import { type Bench, letEnd, type Stream, type TestedProgram } from "../../../src/grade/mod.ts";

const LINE_FEED = 0x0a;

/** A line of words of so many letters each, its line end included. */
export function randomLine(bench: Bench, ...lengths: number[]): string {
  return `${bench.random.words(...lengths)}\n`;
}

/** A line of two words, cut within both. */
export function pieces(line: string): string[] {
  return [line.slice(0, 3), line.slice(3, 9), line.slice(9)];
}

/** The answer to bytes: a-z as A-Z, all others as they are. */
export function upper(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

/** Connects as a step of its own. */
export function connect(bench: Bench): Promise<Stream> {
  return bench.step("a client connects", () => bench.connect());
}

/** Sends a line and takes its answer. */
export async function askLine(bench: Bench, stream: Stream) {
  const line = randomLine(bench, 5);
  await stream.send(line);
  await stream.expect(line.toUpperCase());
}

/** A client comes, is answered and closes. */
export async function comeAndGo(bench: Bench) {
  const stream = await bench.connect();
  await askLine(bench, stream);
  await stream.close();
}

/** Each byte comes back, letters from a to z in capitals. */
export async function checkBytes(bench: Bench) {
  const every = bench.random.everyByte();
  // The line feed last: so it is one message of `server_once`, too.
  const bytes = Uint8Array.from(every, (_, i) => every[(i + LINE_FEED + 1) % every.length]!);
  await bench.startServer();
  const stream = await connect(bench);
  await bench.step("it sends every byte in one piece", () => stream.send(bytes));
  await bench.step(
    "a to z come back as A to Z, every other byte as it was",
    () => stream.expect(upper(bytes)),
  );
}

/** A normal client is served: whatever happened before has not ended the server. That the server has ended is said as such, however the client came to notice. */
export async function served(bench: Bench, server: TestedProgram) {
  await letEnd(bench, server);
  await bench.step("the next client sends a line and gets its answer", async () => {
    try {
      await comeAndGo(bench);
    } catch (error) {
      if (await hasEnded(server)) bench.fail("Nobody answers any more");
      throw error;
    }
  });
}

async function hasEnded(server: TestedProgram): Promise<boolean> {
  try {
    await server.ended();
    return true;
  } catch {
    return false;
  }
}

/**
 * Clients that reset their connections at several moments; each time, the next client is served.
 *
 * @param goesOn Whether the server goes on reading behind an answer.
 */
export async function checkOutlivesReset(bench: Bench, goesOn = true) {
  const server = await bench.startServer();
  await bench.step("a client sends half a line and resets (RST)", async () => {
    const stream = await bench.connect();
    // Whether half a line is answered is another check's subject.
    await stream.sendApart([bench.random.words(3)]);
    await stream.reset();
  });
  await served(bench, server);
  await bench.step("a client connects, and resets without a word", async () => {
    const stream = await bench.connect();
    // The server is to wait for what it says: whether a client goes before it is accepted would be luck.
    await letEnd(bench, server);
    await stream.reset();
  });
  await served(bench, server);
  if (!goesOn) return;
  await bench.step("a client sends 1 MB, reads next to nothing and resets", async () => {
    const stream = await bench.connect();
    stream.pour(new Uint8Array(1_000_000).fill(LINE_FEED));
    await stream.read(1);
    await stream.reset();
  });
  await served(bench, server);
}

/** A client that closes without a word; the next one is served. */
export async function checkOutlivesEmpty(bench: Bench) {
  const server = await bench.startServer();
  await bench.step("a client connects and closes without a word", async () => {
    await (await bench.connect()).close();
  });
  await served(bench, server);
}
