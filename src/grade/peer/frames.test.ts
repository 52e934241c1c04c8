import { expect, test } from "vitest";
import { encodeFrame, type Frame, readFrames } from "./frames.ts";

async function read(pieces: readonly Uint8Array[]): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const frame of readFrames(ReadableStream.from(pieces))) frames.push(frame);
  return frames;
}

const frames = [
  encodeFrame({ id: 1, op: "send" }, Uint8Array.of(0, 10, 255)),
  encodeFrame({ id: 2, text: "ß" }),
  encodeFrame({ id: 3 }, new Uint8Array(70_000).fill(7)),
];
const wanted = [
  { head: { id: 1, op: "send" }, bytes: Uint8Array.of(0, 10, 255) },
  { head: { id: 2, text: "ß" }, bytes: new Uint8Array(0) },
  { head: { id: 3 }, bytes: new Uint8Array(70_000).fill(7) },
];

test("readFrames() reads what encodeFrame() wrote", async () => {
  expect(await read(frames)).toEqual(wanted);
});

test("readFrames() minds no borders of pieces", async () => {
  const all = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  expect(await read([all])).toEqual(wanted);
  const cut = [
    all.slice(0, 5),
    all.slice(5, 30),
    all.slice(30, 31),
    all.slice(31, 9000),
    all.slice(9000),
  ];
  expect(await read(cut)).toEqual(wanted);
});

test("readFrames() leaves out what is cut off", async () => {
  expect(await read([frames[0]!, frames[2]!.slice(0, 100)])).toEqual(wanted.slice(0, 1));
});
