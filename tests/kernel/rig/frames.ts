/** The frames between a test and the server in a rig: `inside/serve.py` says which there are. Pure. */

/** What the server tells of a command. */
export const FROM_RIG = { stdout: 1, stderr: 2, end: 3 } as const;

/** What the server is told. */
export const TO_RIG = { plan: 0, stdin: 1, stdinEnd: 2, signal: 3 } as const;

/** One frame. */
export interface Frame {
  kind: number;
  body: Uint8Array<ArrayBuffer>;
}

const HEAD = 5;

/** Returns a frame's bytes. */
export function frameBytes(kind: number, body: Uint8Array | string = ""): Uint8Array<ArrayBuffer> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const frame = new Uint8Array(HEAD + bytes.length);
  frame[0] = kind;
  new DataView(frame.buffer).setUint32(1, bytes.length);
  frame.set(bytes, HEAD);
  return frame;
}

/** Takes frames out of a stream of bytes, wherever its pieces begin and end. */
export class FrameReader {
  #rest = new Uint8Array(0);

  /** Returns the frames that this piece completes. */
  take(piece: Uint8Array): Frame[] {
    const all = new Uint8Array(this.#rest.length + piece.length);
    all.set(this.#rest);
    all.set(piece, this.#rest.length);
    const view = new DataView(all.buffer);
    const frames: Frame[] = [];
    let at = 0;
    while (all.length - at >= HEAD) {
      const end = at + HEAD + view.getUint32(at + 1);
      if (all.length < end) break;
      frames.push({ kind: all[at]!, body: all.slice(at + HEAD, end) });
      at = end;
    }
    this.#rest = all.slice(at);
    return frames;
  }
}
