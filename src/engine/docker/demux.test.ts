import { expect, test } from "vitest";
import { OutputFrames } from "./demux.ts";

/** A frame as the engine sends it. */
function frame(stream: 1 | 2, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + payload.length);
  bytes[0] = stream;
  new DataView(bytes.buffer).setUint32(4, payload.length);
  bytes.set(payload, 8);
  return bytes;
}

const sent = new Uint8Array([
  ...frame(1, "to out"),
  ...frame(2, "to err"),
  ...frame(1, ""),
  ...frame(1, "x".repeat(70_000)),
]);

test.each([1, 3, 8, 9, 4096, 100_000])(
  "OutputFrames.push() puts streams together from pieces of %i bytes",
  (size) => {
    const frames = new OutputFrames();
    const text = { stdout: "", stderr: "" };
    for (let at = 0; at < sent.length; at += size) {
      for (const { stream, bytes } of frames.push(sent.subarray(at, at + size))) {
        text[stream] += new TextDecoder().decode(bytes);
      }
    }
    expect(text.stderr).toBe("to err");
    expect(text.stdout).toBe("to out" + "x".repeat(70_000));
  },
);

test("OutputFrames.push() hands on what has come of a frame, without waiting for the rest", () => {
  const frames = new OutputFrames();
  const [part] = frames.push(frame(1, "half and half").subarray(0, 12));
  expect(new TextDecoder().decode(part!.bytes)).toBe("half");
});
