/**
 * The frames that carry many connections over one stream of bytes each way, version 1.
 *
 * The side that serves first writes a line of JSON, `{"v":1,"ready":true,"mux":1,…}`. All that follows it, and all that
 * the other side writes, are frames: a header of eight bytes, big-endian, and a payload.
 *
 * | bytes | what                                    |
 * | ----- | --------------------------------------- |
 * | 0-3   | the channel's number                    |
 * | 4     | the kind                                |
 * | 5-7   | length of the payload, {@linkcode MAX_PAYLOAD} at most |
 *
 * | kind       | payload | meaning                                                                      |
 * | ---------- | ------- | ---------------------------------------------------------------------------- |
 * | 1 `open`   | none    | a new connection; only from the side that does not serve, with a number that is free |
 * | 2 `data`   | 1..     | bytes of the connection                                                      |
 * | 3 `end`    | none    | no more data from here (shutdown(2), SHUT_WR)                                |
 * | 4 `close`  | none    | no more frames on this channel from here, and data that still comes is dropped |
 * | 5 `credit` | 4       | so many more bytes may be sent on this channel                               |
 *
 * A number is free again once both sides have sent `close`. At most {@linkcode MAX_CHANNELS} are in use.
 *
 * On a channel {@linkcode WINDOW} bytes may be sent at first, and more as the receiver, whose program has read them, gives
 * credit. So a receiver always has room for what comes and reads the stream without waiting for any channel: one that
 * nobody reads stands still by itself, and memory is bounded by channels times window. What breaks these rules is the end
 * of the stream, for after it nothing can be trusted to be a header.
 */

/** The kinds of frames. */
export const FrameKind = { open: 1, data: 2, end: 3, close: 4, credit: 5 } as const;

/** Version of the frames, as the line before them says it. */
export const MUX_VERSION = 1;
/** Longest payload in bytes: others get their turn after it. */
export const MAX_PAYLOAD = 64 * 1024;
/** Bytes of a channel on their way or unread, at most. */
export const WINDOW = 256 * 1024;
/** Channels in use at once, at most. */
export const MAX_CHANNELS = 128;

const headerBytes = 8;

/** A frame. */
export interface Frame {
  channel: number;
  kind: typeof FrameKind[keyof typeof FrameKind];
  /** Valid until the next chunk is pushed, where it was parsed. */
  payload: Uint8Array;
}

/** A stream that is not what it should be. */
export class MuxError extends Error {
  override name = "MuxError";
}

const lengths: Record<number, [least: number, most: number]> = {
  [FrameKind.open]: [0, 0],
  [FrameKind.data]: [1, MAX_PAYLOAD],
  [FrameKind.end]: [0, 0],
  [FrameKind.close]: [0, 0],
  [FrameKind.credit]: [4, 4],
};

/** Bytes of frames, one behind the other. */
export function encodeFrames(frames: readonly Frame[]): Uint8Array<ArrayBuffer> {
  const length = frames.reduce((sum, { payload }) => sum + headerBytes + payload.length, 0);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { channel, kind, payload } of frames) {
    view.setUint32(at, channel);
    view.setUint32(at + 4, kind * 2 ** 24 + payload.length);
    bytes.set(payload, at + headerBytes);
    at += headerBytes + payload.length;
  }
  return bytes;
}

/** The payload of a `credit` frame. */
export function encodeCredit(bytes: number): Uint8Array<ArrayBuffer> {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, bytes);
  return payload;
}

/** Bytes that a `credit` frame's payload grants. */
export function decodeCredit(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset, payload.byteLength).getUint32(0);
}

/** Cuts a stream into frames, wherever its chunks begin and end. */
export class FrameParser {
  #rest: Uint8Array = new Uint8Array(0);

  /**
   * The frames that a chunk completes.
   *
   * @throws {MuxError} At what cannot be a frame.
   */
  *push(chunk: Uint8Array): Generator<Frame> {
    let bytes = chunk;
    if (this.#rest.length > 0) {
      bytes = new Uint8Array(this.#rest.length + chunk.length);
      bytes.set(this.#rest);
      bytes.set(chunk, this.#rest.length);
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const channel = view.getUint32(at);
      const kind = view.getUint8(at + 4);
      const length = view.getUint32(at + 4) % 2 ** 24;
      const [least, most] = lengths[kind] ?? [0, -1];
      if (length < least || length > most) {
        throw new MuxError(
          `Speak version ${MUX_VERSION} of the link's frames, not kind ${kind} with ${length} bytes`,
        );
      }
      const end = at + headerBytes + length;
      if (end > bytes.length) break;
      yield {
        channel,
        kind: kind as Frame["kind"],
        payload: bytes.subarray(at + headerBytes, end),
      };
      at = end;
    }
    this.#rest = bytes.slice(at);
  }
}
