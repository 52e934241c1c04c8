import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodeCredit,
  encodeCredit,
  encodeFrames,
  type Frame,
  FrameKind,
  FrameParser,
  MAX_PAYLOAD,
  MuxError,
} from "./mux_frame.ts";

const channel = fc.nat(2 ** 32 - 1);
const payload = new Uint8Array(0);
const frame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({
    channel,
    kind: fc.constant(FrameKind.data),
    payload: fc.uint8Array({ minLength: 1, maxLength: 300 }),
  }),
  fc.record({
    channel,
    kind: fc.constantFrom(FrameKind.open, FrameKind.end, FrameKind.close),
    payload: fc.constant(payload),
  }),
  fc.record({
    channel,
    kind: fc.constant(FrameKind.credit),
    payload: fc.nat(2 ** 32 - 1).map(encodeCredit),
  }),
);

test("FrameParser.push() gives the same frames however the stream is cut", () => {
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 20 }),
      (frames, cuts) => {
        const bytes = encodeFrames(frames), parser = new FrameParser(), got: Frame[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = cuts[i % cuts.length]!;
          for (const one of parser.push(bytes.subarray(at, at + size))) {
            got.push({ ...one, payload: one.payload.slice() });
          }
          at += size;
        }
        expect(got).toEqual(frames);
      },
    ),
  );
});

test("decodeCredit() reads what encodeCredit() wrote", () => {
  for (const bytes of [0, 1, 65536, 2 ** 32 - 1]) {
    expect(decodeCredit(encodeCredit(bytes))).toBe(bytes);
  }
});

test("a header is laid out as documented", () => {
  const bytes = encodeFrames([
    { channel: 0x01020304, kind: FrameKind.data, payload: Uint8Array.of(9, 8) },
  ]);
  expect([...bytes]).toEqual([1, 2, 3, 4, 2, 0, 0, 2, 9, 8]);
});

test.each([
  ["an unknown kind", [0, 0, 0, 1, 6, 0, 0, 0]],
  ["text", [...new TextEncoder().encode('{"v":1,"op":"show"}\n')]],
  ["empty data", [0, 0, 0, 1, FrameKind.data, 0, 0, 0]],
  ["a payload on open", [0, 0, 0, 1, FrameKind.open, 0, 0, 1, 1]],
  ["half a credit", [0, 0, 0, 1, FrameKind.credit, 0, 0, 2, 1, 1]],
  ["too long a payload", [
    0,
    0,
    0,
    1,
    FrameKind.data,
    MAX_PAYLOAD >> 16,
    (MAX_PAYLOAD >> 8) & 255,
    1,
  ]],
])("FrameParser.push() refuses %s in one line", (_, bytes) => {
  const parse = () => [...new FrameParser().push(Uint8Array.from(bytes))];
  expect(parse).toThrow(MuxError);
  expect(parse).toThrow(/^Speak version 1 of the link's frames, not kind \d+ with \d+ bytes$/);
});
