/** Frames between the bench and a peer: an object of JSON, and bytes. Pure. */
import { joined } from "./joined.ts";

/** What one frame carries. */
export interface Frame {
  head: Record<string, unknown>;
  bytes: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NOTHING = new Uint8Array(0);

/** Returns a frame as bytes: two lengths of 32 bits in network order, the object as JSON, the bytes. */
export function encodeFrame(
  head: Record<string, unknown>,
  bytes: Uint8Array = NOTHING,
): Uint8Array<ArrayBuffer> {
  const text = encoder.encode(JSON.stringify(head));
  const frame = new Uint8Array(8 + text.length + bytes.length);
  const view = new DataView(frame.buffer);
  view.setUint32(0, text.length);
  view.setUint32(4, bytes.length);
  frame.set(text, 8);
  frame.set(bytes, 8 + text.length);
  return frame;
}

/** Yields the frames of a stream as they become whole; what is cut off at its end is left out. */
export async function* readFrames(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let have = 0;
  let need = 8;
  for await (const piece of stream) {
    pieces.push(piece as Uint8Array<ArrayBuffer>);
    have += piece.length;
    while (have >= need) {
      const all = joined(pieces);
      const view = new DataView(all.buffer, all.byteOffset);
      const textEnd = 8 + view.getUint32(0);
      need = textEnd + view.getUint32(4);
      if (have >= need) {
        yield {
          head: JSON.parse(decoder.decode(all.subarray(8, textEnd))),
          bytes: all.slice(textEnd, need),
        };
        have -= need;
        pieces = [all.slice(need)];
        need = 8;
      } else {
        pieces = [all];
        break;
      }
    }
  }
}
