import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLine, LineStream } from "./line_stream.ts";

/** A source that gives these pieces, one a read. */
function source(pieces: Uint8Array[]): { read(into: Uint8Array): Promise<number | null> } {
  const left = [...pieces];
  return {
    read(into) {
      const piece = left.shift();
      if (piece === undefined) return Promise.resolve(null);
      if (piece.length > into.length) left.unshift(piece.subarray(into.length));
      const part = piece.subarray(0, into.length);
      into.set(part);
      return Promise.resolve(part.length);
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);

async function readAll(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(
    await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
  );
}

test("LineStream.readJson() gives the same values however the bytes are cut", async () => {
  const values = fc.array(fc.jsonValue().filter((value) => value !== null), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      values,
      fc.infiniteStream(fc.integer({ min: 1, max: 40 })),
      async (all, cuts) => {
        const whole = bytes(all.map((value) => `${JSON.stringify(value)}\n`).join(""));
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < whole.length;) {
          const size = cuts.next().value!;
          pieces.push(whole.subarray(at, at + size));
          at += size;
        }
        const lines = new LineStream(source(pieces));
        for (const value of all) {
          expect(await lines.readJson()).toEqual(
            JSON.parse(JSON.stringify(value)),
          );
        }
        expect(await lines.readJson()).toBeNull();
      },
    ),
    { seed: 46, numRuns: 100 },
  );
});

test("LineStream.readJson() drops a last line without its end, and stays at the end", async () => {
  const lines = new LineStream(source([bytes('{"a":1}\n{"b":')]));
  expect(await lines.readJson()).toEqual({ a: 1 });
  expect(await lines.readJson()).toBeNull();
  expect(await lines.readJson()).toBeNull();
});

test("LineStream.readJson() throws SyntaxError at a line that is not JSON, then reads the next", async () => {
  const lines = new LineStream(source([bytes("hello\n[2]\n")]));
  await expect(lines.readJson()).rejects.toThrow(SyntaxError);
  expect(await lines.readJson()).toEqual([2]);
});

test("LineStream.readJson() throws SyntaxError at a line that never ends, after a bounded number of bytes", async () => {
  let given = 0;
  const endless = {
    read(into: Uint8Array): Promise<number> {
      into.fill(65);
      given += into.length;
      return Promise.resolve(into.length);
    },
  };
  await expect(new LineStream(endless).readJson()).rejects.toThrow(/^Send lines of at most/);
  expect(given).toBeLessThan(2 * 1024 * 1024);
});

test("LineStream.readJson() takes a source that fails for one that ended", async () => {
  const lines = new LineStream({ read: () => Promise.reject(new Deno.errors.BadResource()) });
  expect(await lines.readJson()).toBeNull();
});

test("LineStream.readBytes() goes on right behind the lines, with what came along with them too", async () => {
  const binary = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
  const first = new Uint8Array([...bytes('{"ok":true}\n'), ...binary.subarray(0, 100)]);
  const lines = new LineStream(source([first, binary.subarray(100, 101), binary.subarray(101)]));
  expect(await lines.readJson()).toEqual({ ok: true });
  expect(await readAll(lines.readBytes())).toEqual(binary);
});

test("LineStream.readBytes() of a stream without further bytes is empty", async () => {
  const lines = new LineStream(source([bytes("1\n")]));
  await lines.readJson();
  expect(await readAll(lines.readBytes())).toEqual(new Uint8Array(0));
});

test("jsonLine() is one line, whatever the text contains", () => {
  const line = new TextDecoder().decode(jsonLine({ text: "a\nb\u2028é" }));
  expect(line.indexOf("\n")).toBe(line.length - 1);
  expect(JSON.parse(line)).toEqual({ text: "a\nb\u2028é" });
});
