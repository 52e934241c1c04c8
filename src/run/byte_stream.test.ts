import fc from "fast-check";
import { expect, test } from "vitest";
import { ByteStream, type StreamSegment } from "./byte_stream.ts";

/** Segments of a short stream, cut and repeated anyhow, told in any order. */
const segments = fc.array(
  fc.record({
    from: fc.integer({ min: 1, max: 30 }),
    bytes: fc.integer({ min: 1, max: 12 }),
    sent_us: fc.integer({ min: 0, max: 1000 }),
    way_us: fc.option(fc.integer({ min: 1, max: 50 })),
  }).map(({ from, bytes, sent_us, way_us }): StreamSegment => ({
    ...{ kind: "data", from, to: from + bytes, bytes, fin: false, sent_us },
    arrived_us: way_us === null ? null : sent_us + way_us,
    cause: way_us === null ? "loss" : null,
  })),
  { maxLength: 12 },
);

test("ByteStream knows of each byte when it was sent and arrived first, however segments are cut", () => {
  fc.assert(fc.property(segments, (told) => {
    const stream = new ByteStream();
    const bytes = told.reduce((sum, segment) => sum + stream.push(segment).bytes, 0);
    let arrived = 0;
    for (let number = 1; number < 45; number++) {
      const holding = told.filter(({ from, to }) => from <= number && number < to);
      const arrivals = holding.flatMap(({ arrived_us }) => arrived_us ?? []);
      if (arrivals.length > 0) arrived++;
      expect(stream.arrival(number)).toBe(arrivals.length > 0 ? Math.min(...arrivals) : null);
      const sent = holding.map(({ sent_us }) => sent_us);
      expect(stream.firstSent(number)).toBe(sent.length > 0 ? Math.min(...sent) : null);
    }
    expect(bytes).toBe(arrived);
  }));
});

test("ByteStream tells each loss once, with the next sending of its beginning", () => {
  fc.assert(fc.property(segments, (told) => {
    const stream = new ByteStream();
    const inOrder = told.toSorted((a, b) => a.sent_us - b.sent_us);
    const repaired = inOrder.flatMap((segment) => stream.push(segment).repaired);
    const lost = inOrder.filter(({ arrived_us }) => arrived_us === null);
    const again = lost.filter((one) =>
      inOrder.some(({ from, to, sent_us }) =>
        sent_us > one.sent_us && from <= one.from && one.from < to
      )
    );
    expect(repaired).toHaveLength(again.length);
    for (const loss of repaired) {
      const next = inOrder.find(({ from, to, sent_us }) =>
        sent_us > loss.sent_us && from <= loss.from && loss.from < to
      );
      expect(loss.again_us).toBe(next!.sent_us);
    }
    for (const loss of stream.open) expect(stream.arrival(loss.from)).toBeNull();
  }));
});

test("ByteStream forgets what is done with, and takes none of it for new", () => {
  const stream = new ByteStream();
  const segment = (from: number, sent_us: number): StreamSegment => ({
    ...{ kind: "data", from, to: from + 1, bytes: 1, fin: false, sent_us },
    ...{ arrived_us: sent_us + 1, cause: null },
  });
  for (let n = 1; n <= 1000; n++) {
    stream.push(segment(n, n));
    stream.forget(n + 1);
  }
  expect(stream.push(segment(1, 2000))).toMatchObject({ bytes: 0, repeats: true });
  expect(stream.push(segment(1000, 2001))).toMatchObject({ bytes: 0, repeats: true });
  expect(stream.push(segment(1001, 2002))).toMatchObject({ bytes: 1, repeats: false });
  expect(stream.firstSent(1)).toBeNull();
});
