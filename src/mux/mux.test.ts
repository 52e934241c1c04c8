import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type Connection, writeAll } from "./connection.ts";
import {
  encodeCredit,
  encodeFrames,
  FrameKind,
  MAX_CHANNELS,
  MAX_PAYLOAD,
  WINDOW,
} from "./mux_frame.ts";
import { acceptMux, type ByteStreams, MuxClient } from "./mux.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (text: string) => new TextEncoder().encode(text);
const readyLine = '{"v":1,"ready":true,"mux":1,"driver":"tun"}\n';

/** Two streams joined crosswise, as pipes are. */
function pipes() {
  const up = new TransformStream<Bytes, Bytes>(), down = new TransformStream<Bytes, Bytes>();
  const client: ByteStreams = { readable: down.readable, writable: up.writable };
  const link: ByteStreams = { readable: up.readable, writable: down.writable };
  return { client, link };
}

/** Both ends: a client, and what it opened as the link sees it. */
async function both() {
  const { client, link } = pipes();
  const mux = new MuxClient(client);
  await say(link.writable, readyLine);
  const opened: Connection[] = [];
  const served = acceptMux(link, (one) => void opened.push(one));
  const open = async () => {
    const near = await mux.open();
    await expect.poll(() => opened.length, { interval: 1 }).toBeGreaterThan(0);
    return { near, far: opened.shift()! };
  };
  return { mux, served, open };
}

async function say(writable: WritableStream<Bytes>, text: string | Bytes): Promise<void> {
  const writer = writable.getWriter();
  const written = writer.write(typeof text === "string" ? bytes(text) : text);
  writer.releaseLock();
  await written;
}

/** Reads to the end. */
async function readAll(from: Connection, most = Infinity): Promise<Uint8Array> {
  const pieces: Bytes[] = [];
  for (let sum = 0; sum < most;) {
    const into = new Uint8Array(Math.min(most - sum, 50_000));
    const count = await from.read(into);
    if (count === null) break;
    pieces.push(into.slice(0, count));
    sum += count;
  }
  return await new Blob(pieces).bytes();
}

/** Holds large pieces against each other; what shows every byte takes seconds. */
function expectSame(got: Uint8Array, wanted: Uint8Array): void {
  expect(got.length).toBe(wanted.length);
  expect(got.findIndex((byte, i) => byte !== wanted[i])).toBe(-1);
}

function pattern(length: number, seed = 0): Bytes {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + (i >> 8) + seed;
  return bytes;
}

test("a connection carries bytes both ways; a half-close ends one way only", async () => {
  const { open } = await both();
  const { near, far } = await open();
  await writeAll(near, bytes("question"));
  await near.closeWrite();
  expect(await readAll(far)).toEqual(bytes("question"));
  await writeAll(far, bytes("the last words"));
  far.close();
  expect(await readAll(near)).toEqual(bytes("the last words"));
  await expect(near.write(bytes("more"))).rejects.toThrow(Deno.errors.BadResource);
});

test("MuxClient.ready tells the link's first line, however it is cut", async () => {
  const { client, link } = pipes();
  const mux = new MuxClient(client);
  const opening = mux.open();
  const reader = link.readable.getReader();
  const answer = encodeFrames([{ channel: 1, kind: FrameKind.data, payload: bytes("hi") }]);
  await say(link.writable, readyLine.slice(0, 10));
  const near = (async () => await readAll(await opening, 2))();
  await say(link.writable, readyLine.slice(10));
  expect(await mux.ready).toEqual({ v: 1, ready: true, mux: 1, driver: "tun" });
  await reader.read();
  await say(link.writable, answer);
  expect(await near).toEqual(bytes("hi"));
});

test.each([
  ["a link that ends at once", "", /^The link ended before it was ready$/],
  ["a word that is no JSON", "hello\n", /^Use a link of this version .* "hello"$/],
  ["a link without frames", '{"v":1,"ready":true}\n', /^Use a link of this version/],
  ["frames of another version", '{"v":1,"ready":true,"mux":2}\n', /^Use a link of this version/],
  ["a line without end", "x".repeat(5000), /^Use a link of this version/],
])("MuxClient refuses %s in one line", async (_, text, message) => {
  const { client, link } = pipes();
  const mux = new MuxClient(client);
  if (text !== "") await say(link.writable, text);
  link.writable.close().catch(() => {});
  await expect(mux.ready).rejects.toThrow(message);
  await expect(mux.open()).rejects.toThrow(message);
  expect((await mux.ended)?.message).toMatch(message);
});

test("any number of connections at once carry what was written, in order, however it was cut", async () => {
  const plan = fc.array(
    fc.record({
      pieces: fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 6 }),
      reads: fc.integer({ min: 1, max: 70_000 }),
      back: fc.nat(300_000),
    }),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(plan, async (channels) => {
      const { mux, open, served } = await both();
      const pairs: Awaited<ReturnType<typeof open>>[] = [];
      for (const _ of channels) pairs.push(await open());
      await Promise.all(channels.map(async ({ pieces, reads, back }, i) => {
        const { near, far } = pairs[i]!;
        const whole = pattern(pieces.reduce((sum, one) => sum + one, 0), i);
        const writing = (async () => {
          let at = 0;
          for (const length of pieces) await writeAll(near, whole.subarray(at, at += length));
          await near.closeWrite();
        })();
        const reading = (async () => {
          const got: Bytes[] = [], into = new Uint8Array(reads);
          for (let count; (count = await far.read(into)) !== null;) got.push(into.slice(0, count));
          expectSame(await new Blob(got).bytes(), whole);
          await writeAll(far, pattern(back, i + 7));
          far.close();
        })();
        expectSame(await readAll(near), pattern(back, i + 7));
        await Promise.all([writing, reading]);
        near.close();
      }));
      mux.close();
      expect(await served).toBeNull();
    }),
    { numRuns: 20 },
  );
});

test("a connection that nobody reads stands still after its window; others go on", async () => {
  const { open } = await both();
  const { near: stuck, far: source } = await open();
  let sent = 0;
  const writing = (async () => {
    const piece = pattern(10_000);
    for (;;) sent += await source.write(piece);
  })().catch(() => {});
  const { near, far } = await open();
  const whole = pattern(3_000_000);
  const other = writeAll(far, whole).then(() => far.close());
  expectSame(await readAll(near), whole);
  await other;
  expect(sent).toBe(WINDOW);
  // Read again, it goes on where it stood.
  expect((await readAll(stuck, 5 * WINDOW)).length).toBe(5 * WINDOW);
  stuck.close();
  await writing;
});

test("close() of one side is the end of reading and of writing for the other, once it has read", async () => {
  const { open } = await both();
  const { near, far } = await open();
  await writeAll(near, bytes("last"));
  near.close();
  expect(await readAll(far)).toEqual(bytes("last"));
  await expect(far.write(bytes("x"))).rejects.toThrow(Deno.errors.BrokenPipe);
  await expect(near.read(new Uint8Array(1))).rejects.toThrow(Deno.errors.BadResource);
  near.close();
});

test("a writer that waits for credit learns that its reader has gone", async () => {
  const { open } = await both();
  const { near, far } = await open();
  const writing = writeAll(far, pattern(WINDOW + 1));
  await expect.poll(() => near.read(new Uint8Array(1))).toBe(1);
  near.close();
  await expect(writing).rejects.toThrow(Deno.errors.BrokenPipe);
});

test("numbers come free: far more connections than may be open, one after the other", async () => {
  const { mux, open } = await both();
  for (let i = 0; i < 2 * MAX_CHANNELS; i++) {
    const { near, far } = await open();
    (i % 2 ? near : far).close();
    (i % 2 ? far : near).close();
    // Closed by the other side first, it is free here once that has come.
    await expect(far.read(new Uint8Array(1))).rejects.toThrow();
  }
  expect((await mux.open()).close).toBeTypeOf("function");
});

test("MuxClient.open() refuses one too many in one line", async () => {
  const { mux, served } = await both();
  for (let i = 0; i < MAX_CHANNELS; i++) await mux.open();
  await expect(mux.open()).rejects.toThrow(/^Close a connection to the link first: 128 are open$/);
  mux.close();
  expect(await served).toBeNull();
});

test("MuxClient.close() ends every connection, and the stream", async () => {
  const { mux, open, served } = await both();
  const { near, far } = await open();
  const { far: writing } = await open();
  const reading = Promise.all([readAll(near), readAll(far)]);
  // The peer is still in the middle of a word.
  await writing.write(bytes("some"));
  mux.close();
  writing.close();
  expect(await served).toBeNull();
  expect(await mux.ended).toBeNull();
  await expect(mux.open()).rejects.toThrow(/^The link has ended$/);
  expect(await reading).toEqual([bytes(""), bytes("")]);
  await expect(far.write(bytes("x"))).rejects.toThrow(Deno.errors.BrokenPipe);
});

test("the end of the link ends every connection, once what came is read", async () => {
  const { client, link } = pipes();
  const mux = new MuxClient(client);
  await say(link.writable, readyLine);
  link.readable.pipeTo(new WritableStream());
  const near = await mux.open();
  await say(
    link.writable,
    encodeFrames([{ channel: 1, kind: FrameKind.data, payload: bytes("last") }]),
  );
  await link.writable.close();
  expect(await mux.ended).toBeNull();
  expect(await readAll(near)).toEqual(bytes("last"));
  await expect(near.write(bytes("x"))).rejects.toThrow(Deno.errors.BrokenPipe);
  await expect(mux.open()).rejects.toThrow(/^The link has ended$/);
});

const data = (channel: number, length: number) =>
  encodeFrames([{ channel, kind: FrameKind.data, payload: new Uint8Array(length) }]);
const open1 = encodeFrames([{ channel: 1, kind: FrameKind.open, payload: new Uint8Array(0) }]);
const close1 = encodeFrames([{ channel: 1, kind: FrameKind.close, payload: new Uint8Array(0) }]);
const credit2 = encodeFrames([{ channel: 2, kind: FrameKind.credit, payload: encodeCredit(1) }]);

test.each<[string, Bytes[], RegExp]>([
  ["no frames", [bytes("hello, link")], /^Speak version 1 of the link's frames/],
  ["a channel that is not open", [credit2], /^Open channel 2 before its use$/],
  ["a number in use", [open1, open1], /^Open no channel 1: /],
  ["data after close", [open1, close1, data(1, 1)], /^Send no frame of kind 2 on channel 1/],
  [
    "more than the window",
    [
      open1,
      ...Array.from({ length: WINDOW / MAX_PAYLOAD }, () => data(1, MAX_PAYLOAD)),
      data(1, 1),
    ],
    /^Wait for credit on channel 1: its window is full$/,
  ],
])("%s on the stream ends it, with one line that says why", async (_, pieces, message) => {
  const { client, link } = pipes();
  const held: Connection[] = [];
  const served = acceptMux(link, (one) => void held.push(one));
  for (const piece of pieces) await say(client.writable, piece).catch(() => {});
  const fault = await served;
  expect(fault?.message).toMatch(message);
  for (const one of held) await expect(one.write(bytes("x"))).rejects.toThrow();
});

test("a stream cut in the middle of a frame is over without harm", async () => {
  const { client, link } = pipes();
  const served = acceptMux(link, () => {});
  await say(client.writable, data(1, 100).subarray(0, 5));
  await client.writable.close();
  expect(await served).toBeNull();
});
