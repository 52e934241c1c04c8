import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createRing, RecordFlag, RecordType, RingReader, RingWriter } from "./ring.ts";

function ring(bytes: number): { writer: RingWriter; reader: RingReader } {
  const memory = createRing(bytes);
  return { writer: new RingWriter(memory), reader: new RingReader(memory) };
}

const empty = new Uint8Array(0);

test("RingReader.read() is null on an empty ring, and again after the last record", () => {
  const { writer, reader } = ring(1024);
  expect(reader.read()).toBeNull();
  writer.write(RecordType.copy, 0, 1, 0, 60, 1, 0, 0, null, 0);
  expect(reader.read()).not.toBeNull();
  expect(reader.read()).toBeNull();
});

test("a record comes out as it went in, with numbers above 2^31 and times to the nanosecond", () => {
  const { writer, reader } = ring(1024);
  const data = Uint8Array.from([1, 2, 3, 4, 5, 6, 7]);
  const flags = RecordFlag.corrupted | RecordFlag.marked;
  writer.write(
    RecordType.packet,
    1,
    4_000_000_000,
    123_456_789_012_345,
    65535,
    2,
    99,
    flags,
    data,
    5,
  );
  expect(reader.read()).toEqual({
    type: RecordType.packet,
    direction: 1,
    n: 4_000_000_000,
    time: 123_456_789_012_345,
    length: 65535,
    copies: 2,
    cause: 99,
    flags,
    data: data.subarray(0, 5),
  });
});

test("a record's data is a copy: writing on does not change it", () => {
  const { writer, reader } = ring(1024);
  const fill = (byte: number) => new Uint8Array(100).fill(byte);
  writer.write(RecordType.packet, 0, 1, 0, 100, 1, 0, 0, fill(1), 100);
  const first = reader.read()!;
  for (let i = 2; i < 40; i++) {
    writer.write(RecordType.packet, 0, i, 0, 100, 1, 0, 0, fill(i), 100);
    reader.read();
  }
  expect(first.data).toEqual(fill(1));
});

test("RingWriter.write() refuses what finds no room, counts it, and takes records again once there is some", () => {
  const { writer, reader } = ring(1024);
  let written = 0;
  while (writer.write(RecordType.copy, 0, written, 0, 60, 1, 0, 0, null, 0)) written++;
  for (let i = 0; i < 4; i++) writer.write(RecordType.copy, 0, 0, 0, 60, 1, 0, 0, null, 0);
  expect(writer.takeMissed()).toBe(5);
  expect(writer.takeMissed()).toBe(0);
  for (let n = 0; n < written; n++) expect(reader.read()!.n).toBe(n);
  expect(reader.read()).toBeNull();
  expect(writer.write(RecordType.copy, 0, 77, 0, 60, 1, 0, 0, null, 0)).toBe(true);
  expect(reader.read()!.n).toBe(77);
});

test("an answer finds room in a ring that is full of packets", () => {
  const { writer, reader } = ring(8192);
  const packet = new Uint8Array(200);
  let written = 0;
  while (writer.write(RecordType.packet, 0, written, 0, 200, 1, 0, 0, packet, 200)) written++;
  const answer = new Uint8Array(600).fill(7);
  expect(writer.write(RecordType.answer, 0, 0, 0, 0, 0, 0, 0, answer, 600)).toBe(true);
  for (let n = 0; n < written; n++) expect(reader.read()!.type).toBe(RecordType.packet);
  expect(reader.read()).toMatchObject({ type: RecordType.answer, data: answer });
});

test("records of any size come out equal and in order, however reading and writing interleave", () => {
  const step = fc.oneof(
    fc.record({ read: fc.integer({ min: 1, max: 8 }) }),
    fc.record({ kept: fc.integer({ min: 0, max: 700 }), type: fc.integer({ min: 1, max: 3 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const { writer, reader } = ring(4096);
      const expected: { n: number; type: number; kept: number }[] = [];
      let n = 0, refused = 0;
      const take = () => {
        const record = reader.read();
        const wanted = expected.shift();
        if (wanted === undefined) return expect(record).toBeNull();
        expect(record).toMatchObject({ n: wanted.n, type: wanted.type, time: wanted.n * 1.5 });
        expect(record!.data).toEqual(new Uint8Array(wanted.kept).fill(wanted.n));
      };
      for (const one of steps) {
        if ("read" in one) {
          for (let i = 0; i < one.read; i++) take();
          continue;
        }
        n++;
        const data = one.kept === 0 ? empty : new Uint8Array(one.kept + 3).fill(n);
        const room = writer.write(one.type, 0, n, n * 1.5, one.kept, 1, 0, 0, data, one.kept);
        if (room) expected.push({ n, ...one });
        else refused++;
      }
      while (expected.length > 0) take();
      expect(reader.read()).toBeNull();
      expect(writer.takeMissed()).toBe(refused);
    }),
    { seed: 42, numRuns: 200 },
  );
});

test("positions may pass 2^31 and 2^32 words: nothing is lost there", () => {
  const memory = createRing(4096);
  // Head and tail stand close to where a signed word turns over.
  const control = new Int32Array(memory);
  for (const start of [2 ** 31 - 1024 * 2, -1024 * 2]) {
    control[0] = start;
    control[1] = start;
    const writer = new RingWriter(memory), reader = new RingReader(memory);
    for (let n = 0; n < 1000; n++) {
      const data = new Uint8Array(n % 90).fill(n);
      expect(writer.write(RecordType.packet, 0, n, n, 90, 1, 0, 0, data, data.length)).toBe(true);
      expect(reader.read()).toMatchObject({ n, data });
    }
  }
});

test("RingReader.wait() settles at once where there is something, and with the next wake() where there is not", async () => {
  const { writer, reader } = ring(1024);
  writer.write(RecordType.copy, 0, 1, 0, 60, 1, 0, 0, null, 0);
  await reader.wait();
  expect(reader.read()!.n).toBe(1);
  const waiting = reader.wait();
  writer.write(RecordType.copy, 0, 2, 0, 60, 1, 0, 0, null, 0);
  writer.wake();
  await waiting;
  expect(reader.read()!.n).toBe(2);
});

test("RingReader.wait() is woken by a writer in another thread", async () => {
  const memory = createRing(1024);
  const reader = new RingReader(memory);
  const source = `
    import { RingWriter } from ${JSON.stringify(new URL("./ring.ts", import.meta.url).href)};
    self.onmessage = ({ data }) => {
      const writer = new RingWriter(data);
      writer.write(1, 0, 7, 0, 60, 1, 0, 0, null, 0);
      writer.wake();
    };`;
  const url = URL.createObjectURL(new Blob([source], { type: "application/typescript" }));
  const worker = new Worker(url, { type: "module" });
  const waiting = reader.wait();
  worker.postMessage(memory);
  await waiting;
  expect(reader.read()!.n).toBe(7);
  worker.terminate();
  URL.revokeObjectURL(url);
});

test("RingReader.wait() settles for good once the reader is ended", async () => {
  const { reader } = ring(1024);
  const waiting = reader.wait();
  reader.end();
  await waiting;
  await reader.wait();
  expect(reader.read()).toBeNull();
});
