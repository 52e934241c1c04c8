/**
 * The control socket: what it answers, right or wrong, and what callers do that leave.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import { connectLink, type LinkClient } from "./client.ts";
import { ServedLink } from "./served_link_for_test.ts";

let served: ServedLink, client: LinkClient, folder: string, path: string;

beforeEach(async () => {
  served = await ServedLink.start();
  ({ client, folder, path } = served);
});
afterEach(() => served[Symbol.dispose]());

/** What the socket answers to raw bytes, until it closes or has answered `lines` lines. */
async function answersTo(text: string, lines: number): Promise<Record<string, unknown>[]> {
  using conn = await Deno.connect({ transport: "unix", path });
  await conn.write(new TextEncoder().encode(text));
  let got = "";
  const bytes = new Uint8Array(65536);
  while (got.split("\n").length <= lines) {
    const count = await conn.read(bytes);
    if (count === null) break;
    got += new TextDecoder().decode(bytes.subarray(0, count));
  }
  return got.trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

test("another version of the protocol, an unknown op and a wrong field are refused by a line each", async () => {
  const lines = [{ v: 2, id: 1, op: "show" }, { v: 1, id: 2, op: "explode" }, {
    v: 1,
    id: 3,
    op: "begin",
  }, { v: 1, id: 4, op: "show" }];
  const answers = await answersTo(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), 4);
  expect(answers.map(({ id, ok }) => ({ id, ok }))).toEqual([
    { id: 1, ok: false },
    { id: 2, ok: false },
    { id: 3, ok: false },
    { id: 4, ok: true },
  ]);
  expect(answers[0]!.error).toBe("Speak version 1 of the link's protocol, not 2");
  expect(answers[1]!.error).toMatch(/op "explode" is unknown$/);
});

test("a line that is no JSON is answered and ends its connection, not the link", async () => {
  const answers = await answersTo('hello\n{"v":1,"op":"show"}\n', 2);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatchObject({ v: 1, ok: false });
  expect((await client.show()).running).toBe(false);
});

test("a caller that leaves in the middle of a line, or before its answer, does not disturb the link", async () => {
  for (const text of ['{"v":1,', '{"v":1,"op":"show"}\n', ""]) {
    const conn = await Deno.connect({ transport: "unix", path });
    await conn.write(new TextEncoder().encode(text));
    conn.close();
  }
  expect((await client.show()).driver).toBe("tun");
});

test("awaitListening() finds a socket of this namespace, by port and protocol", async () => {
  const server = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = server.addr;
  const found = await client.awaitListening({ proto: "tcp", port, timeoutMs: 10_000 });
  expect(found.listening).toBe(true);
  const other = await client.awaitListening({ proto: "udp", port, timeoutMs: 0 });
  expect(other.listening).toBe(false);
  expect(other.sockets).toContainEqual({ proto: "tcp", address: "0.0.0.0", port });
  server.close();
});

test("connectLink() says what to do where no link answers", async () => {
  await expect(connectLink(`${folder}/none.sock`)).rejects.toThrow(/^Start the lab first/);
});

test("a client's pending and later requests fail in one line when the link ends", async () => {
  await client.show();
  const { promise, resolve } = Promise.withResolvers<void>();
  const gone = Deno.listen({ transport: "unix", path: `${folder}/gone.sock` });
  gone.accept().then((conn) => (conn.close(), resolve()));
  using left = await connectLink(`${folder}/gone.sock`);
  await promise;
  await expect(left.show()).rejects.toThrow(/^The link has ended$/);
  await expect(left.show()).rejects.toThrow(/^The link has ended$/);
  gone.close();
});
