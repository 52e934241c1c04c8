/**
 * One channel of a mux: a connection by its reader and writer, frames by its peer.
 */
import { ByteQueue } from "./byte_queue.ts";
import type { Connection } from "./connection.ts";
import {
  decodeCredit,
  encodeCredit,
  type Frame,
  FrameKind,
  MAX_PAYLOAD,
  MuxError,
  WINDOW,
} from "./mux_frame.ts";

const nothing = new Uint8Array(0);

/** What a channel needs of its mux. */
export interface ChannelWires {
  /** Queues a frame; settles once it is written. */
  send(frame: Frame): Promise<void>;
  /** Called once both sides have closed. */
  free(): void;
}

/** Either end of a channel. */
export class Channel implements Connection {
  readonly #number: number;
  readonly #wires: ChannelWires;
  readonly #unread = new ByteQueue(WINDOW);
  /** Bytes that the peer takes. */
  #credit = WINDOW;
  /** Bytes read here for which the peer has got no credit yet. */
  #owed = 0;
  #ended = false;
  #closed = false;
  #peerEnded = false;
  #peerClosed = false;
  #change = Promise.withResolvers<void>();

  constructor(number: number, wires: ChannelWires) {
    this.#number = number;
    this.#wires = wires;
  }

  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.#closed) throw new Deno.errors.BadResource("The channel is closed");
      if (this.#unread.length > 0 || into.length === 0) return this.#take(into);
      if (this.#peerEnded) return null;
      await this.#change.promise;
    }
  }

  #take(into: Uint8Array): number {
    const count = this.#unread.take(into);
    this.#owed += count;
    // In large pieces: a frame for each read would double the frames.
    if (this.#owed >= WINDOW / 2 && !this.#peerEnded) {
      this.#send(FrameKind.credit, encodeCredit(this.#owed));
      this.#owed = 0;
    }
    return count;
  }

  async write(bytes: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#closed || this.#ended) {
        throw new Deno.errors.BadResource("The channel is closed");
      }
      if (this.#peerClosed) throw new Deno.errors.BrokenPipe("The peer has closed the channel");
      if (this.#credit > 0 || bytes.length === 0) break;
      await this.#change.promise;
    }
    const count = Math.min(bytes.length, this.#credit, MAX_PAYLOAD);
    if (count === 0) return 0;
    this.#credit -= count;
    await this.#wires.send({
      channel: this.#number,
      kind: FrameKind.data,
      payload: bytes.subarray(0, count),
    });
    return count;
  }

  closeWrite(): Promise<void> {
    if (!this.#ended && !this.#closed) {
      this.#ended = true;
      this.#send(FrameKind.end);
      this.#changed();
    }
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unread.clear();
    this.#send(FrameKind.close);
    this.#changed();
    if (this.#peerClosed) this.#wires.free();
  }

  #send(kind: Frame["kind"], payload: Uint8Array = nothing): void {
    // Whether the stream is broken shows in the mux's own end.
    this.#wires.send({ channel: this.#number, kind, payload }).catch(() => {});
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /**
   * Acts on a frame of the peer.
   *
   * @throws {MuxError} Where it is none that may come now.
   */
  take({ kind, payload }: Frame): void {
    const late = this.#peerClosed || (this.#peerEnded && kind === FrameKind.data);
    if (late || kind === FrameKind.open) {
      throw new MuxError(`Send no frame of kind ${kind} on channel ${this.#number} as it stands`);
    }
    switch (kind) {
      case FrameKind.data:
        if (!this.#closed && !this.#unread.put(payload)) {
          throw new MuxError(`Wait for credit on channel ${this.#number}: its window is full`);
        }
        break;
      case FrameKind.credit:
        this.#credit += decodeCredit(payload);
        break;
      case FrameKind.end:
        this.#peerEnded = true;
        break;
      case FrameKind.close:
        this.#peerEnded = this.#peerClosed = true;
        if (this.#closed) this.#wires.free();
        break;
    }
    this.#changed();
  }

  /** The stream is over: what has come can be read, nothing more comes. */
  breakOff(): void {
    this.#peerEnded = this.#peerClosed = true;
    this.#changed();
  }
}
