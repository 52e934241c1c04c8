import { expect, test } from "vitest";
import { frameBytes, FrameReader } from "./frames.ts";

test("FrameReader takes frames out of pieces that begin and end anywhere", () => {
  const bytes = [...frameBytes(1, "first"), ...frameBytes(3), ...frameBytes(2, "last")];
  const kinds = [[1, "first"], [3, ""], [2, "last"]];
  for (const size of [1, 4, 7, bytes.length]) {
    const reader = new FrameReader();
    const frames = [];
    for (let at = 0; at < bytes.length; at += size) {
      frames.push(...reader.take(new Uint8Array(bytes.slice(at, at + size))));
    }
    expect(frames.map(({ kind, body }) => [kind, new TextDecoder().decode(body)])).toEqual(kinds);
  }
});
