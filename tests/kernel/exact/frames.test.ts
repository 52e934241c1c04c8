import { expect, test } from "vitest";
import { numberedFrame, readFrame } from "./frames.ts";

const markable = () => true;

test("readFrame() knows each frame again, whichever bit is flipped", () => {
  for (const n of [1, 2, 65_535, 70_000]) {
    for (let bit = 0; bit < 98 * 8; bit++) {
      const frame = numberedFrame(n, 98, true);
      frame[bit >> 3]! ^= 1 << (bit & 7);
      expect(readFrame(frame, markable)).toEqual({ n, flipped: 1, marked: false });
    }
  }
});

test("readFrame() sees a mark, also under a flipped bit", () => {
  for (const n of [1, 2, 3]) {
    for (let bit = -1; bit < 98 * 8; bit++) {
      const frame = numberedFrame(n, 98, true);
      // As the kernel marks: the header's checksum goes down as the field goes up.
      frame[15]! += 1;
      const view = new DataView(frame.buffer);
      view.setUint16(24, view.getUint16(24) - 1);
      if (bit >= 0) frame[bit >> 3]! ^= 1 << (bit & 7);
      expect(readFrame(frame, markable)).toEqual({ n, flipped: bit < 0 ? 0 : 1, marked: true });
    }
  }
});
