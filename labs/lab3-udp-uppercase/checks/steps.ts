/** What several of lab3's checks do. */
import type { Bench, Bytes, Datagram, Datagrams } from "../../../src/grade/mod.ts";
import { expectedAnswer } from "../../../src/lab/mod.ts";

/** Returns the answer to a request. */
export function answerTo(request: Bytes): Uint8Array {
  const bytes = typeof request === "string" ? new TextEncoder().encode(request) : request;
  return expectedAnswer("upper", bytes)!;
}

/** Returns a text that comes back as it is: that letters turn to capitals is the subject of one check. */
export function capitals(bench: Bench, length: number): string {
  return bench.random.text(length).toUpperCase();
}

/** Takes the next answer, whoever it is from: that is the subject of one check only. */
export async function expectAnswer(
  bench: Bench,
  client: Datagrams,
  request: Bytes,
): Promise<void> {
  const { bytes } = await client.receive();
  bench.expectBytes(bytes, answerTo(request), "In the answer");
}

/**
 * Takes the client's next datagram, which must be this line. Whether its end is sent along is the subject of one check
 * only.
 */
export async function takeLine(
  bench: Bench,
  server: Datagrams,
  line: string,
): Promise<Datagram> {
  const datagram = await server.receive();
  bench.expectBytes(withoutEnd(datagram.bytes), line, "In the datagram");
  return datagram;
}

/** Returns the bytes without LF, CR or both at their end. */
export function withoutEnd(bytes: Uint8Array): Uint8Array {
  const length = bytes.at(-1) !== 0x0a ? bytes.length : bytes.length - 1;
  return bytes.subarray(0, bytes[length - 1] === 0x0d ? length - 1 : length);
}

/** Takes the pinger's next request, which must be `ping N …` of so many bytes. */
export async function expectPing(
  bench: Bench,
  server: Datagrams,
  { n, size }: { n: number; size: number },
): Promise<Datagram> {
  const datagram = await server.receive();
  const text = new TextDecoder("latin1").decode(datagram.bytes);
  // With which letters it is filled is the client's affair.
  if (text.length === size && new RegExp(`^ping ${n}(?: [a-z]*)?$`).test(text)) return datagram;
  const letters = "abcdefghijklmnopqrstuvwxyz".repeat(size / 26 + 1);
  bench.fail(`It is not ping ${n}, filled with letters to ${size} bytes`, {
    expected: `ping ${n} ${letters}`.slice(0, size),
    actual: datagram.bytes,
  });
}
