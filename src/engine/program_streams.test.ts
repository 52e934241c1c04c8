import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { until } from "./program_streams.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** A source that is written to by hand. */
function source() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
    {},
    { highWaterMark: 100 },
  );
  const writer = writable.getWriter();
  return { readable, write: (byte: number) => writer.write(Uint8Array.of(byte)), writer };
}

test("until() passes everything on, and ends with its source", async () => {
  const { readable, write, writer } = source();
  for (const byte of [1, 2, 3]) void write(byte);
  void writer.close();
  expect(await Array.fromAsync(until(readable, new Promise(() => {})), ([byte]) => byte))
    .toEqual([1, 2, 3]);
});

test("until() ends when told to, though its source goes on and a read waits", async () => {
  const { readable, write } = source();
  const { promise: end, resolve } = Promise.withResolvers<void>();
  const reader = until(readable, end).getReader();
  void write(1);
  expect((await reader.read()).value).toEqual(Uint8Array.of(1));
  const waits = reader.read();
  resolve();
  expect((await waits).done).toBe(true);
});

test("until() keeps nothing of what was read", async () => {
  const { readable, write } = source();
  const reader = until(readable, new Promise(() => {})).getReader();
  const read: WeakRef<Uint8Array>[] = [];
  for (let i = 0; i < 50; i++) {
    void write(i);
    read.push(new WeakRef((await reader.read()).value!));
  }
  await new Promise((resolve) => setTimeout(resolve)); // A WeakRef holds until the end of its turn.
  collectGarbage();
  expect(read.filter((one) => one.deref() !== undefined).length).toBeLessThan(5);
});
