/** What servers are sent, and that the next client is served. */
import { type Bench, letEnd, type Stream, type TestedProgram } from "../../../src/grade/mod.ts";

/** Every byte from 0x00 to 0xFF once, the line feed last: so it is one message of `server_once`, too. */
const EVERY_BYTE: Uint8Array<ArrayBuffer> = Uint8Array.from(
  { length: 256 },
  (_, i) => (i + 0x0b) % 256,
);

/** The answer to bytes: a-z as A-Z, all others as they are. */
export function upper(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

/** Connects as a step of its own. */
export function connect(bench: Bench): Promise<Stream> {
  return bench.step("a client connects", () => bench.connect());
}

/** Each byte comes back, letters from a to z in capitals. */
export async function checkBytes(bench: Bench) {
  await bench.startServer();
  const stream = await connect(bench);
  await bench.step("it sends every byte in one piece", () => stream.send(EVERY_BYTE));
  await bench.step(
    "a to z come back as A to Z, every other byte as it was",
    () => stream.expect(upper(EVERY_BYTE)),
  );
}

/** A normal client is served: whatever happened before has not ended the server. That the server has ended is said as such, however the client came to notice. */
export async function served(bench: Bench, server: TestedProgram) {
  await letEnd(bench, server);
  await bench.step("the next client sends a line and gets its answer", async () => {
    try {
      const stream = await bench.connect();
      await stream.send("hello\n");
      await stream.expect("HELLO\n");
      await stream.close();
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
    await stream.sendApart(["hel"]);
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
    stream.pour(new Uint8Array(1_000_000).fill(0x0a));
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
