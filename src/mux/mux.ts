/**
 * Many connections over one stream of bytes each way, such as a program's standard input and output.
 *
 * `mux_frame.ts` describes what passes over the stream.
 */
import type { Connection } from "./connection.ts";
import { Channel } from "./mux_channel.ts";
import {
  encodeFrames,
  type Frame,
  FrameKind,
  FrameParser,
  MAX_CHANNELS,
  MUX_VERSION,
  MuxError,
} from "./mux_frame.ts";

/** A stream of bytes each way. */
export interface ByteStreams {
  readable: ReadableStream<Uint8Array>;
  writable: WritableStream<Uint8Array<ArrayBuffer>>;
}

/** The part that both ends of a stream have in common. */
class Mux {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #channels = new Map<number, Channel>();
  readonly #opened: ((channel: Connection) => void) | null;
  #queue: { frame: Frame; sent: PromiseWithResolvers<void> }[] = [];
  #writing: Promise<void> | null = null;
  #over = false;
  #closing = false;
  #last = 0;

  /** @param opened Takes each channel that the peer opens; null where the peer may open none. */
  constructor(
    reader: ReadableStreamDefaultReader<Uint8Array>,
    writable: WritableStream<Uint8Array<ArrayBuffer>>,
    opened: ((channel: Connection) => void) | null,
  ) {
    this.#reader = reader;
    this.#writer = writable.getWriter();
    // Its failure shows at the next write.
    this.#writer.closed.catch(() => {});
    this.#opened = opened;
  }

  /** Reads frames until the stream ends. @param first What was read of it already. */
  async run(first: Uint8Array): Promise<Error | null> {
    const parser = new FrameParser();
    try {
      for (let chunk: Uint8Array | undefined = first; chunk !== undefined;) {
        for (const frame of parser.push(chunk)) this.#take(frame);
        chunk = (await this.#reader.read()).value;
      }
      return null;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      this.#over = true;
      this.#channels.forEach((channel) => channel.breakOff());
      this.#channels.clear();
      this.#reader.cancel().catch(() => {});
      // An end is passed on: a peer that still waits for this one learns of it.
      this.#writer.close().catch(() => {});
      this.#drop(new Deno.errors.BrokenPipe("The stream of connections has ended"));
    }
  }

  #take(frame: Frame): void {
    // Its connections are over here; what the peer says until it knows concerns none.
    if (this.#closing) return;
    if (frame.kind === FrameKind.open) {
      const free = !this.#channels.has(frame.channel) && this.#channels.size < MAX_CHANNELS;
      if (this.#opened === null || !free) {
        throw new MuxError(`Open no channel ${frame.channel}: its number or all are in use`);
      }
      return this.#opened(this.#add(frame.channel));
    }
    const channel = this.#channels.get(frame.channel);
    if (channel === undefined) throw new MuxError(`Open channel ${frame.channel} before its use`);
    channel.take(frame);
  }

  #add(number: number): Channel {
    const channel = new Channel(number, {
      send: (frame) => this.#send(frame),
      free: () => void this.#channels.delete(number),
    });
    this.#channels.set(number, channel);
    return channel;
  }

  open(): Connection {
    if (this.#over || this.#closing) throw new Error("The link has ended");
    if (this.#channels.size >= MAX_CHANNELS) {
      throw new Error(`Close a connection to the link first: ${MAX_CHANNELS} are open`);
    }
    do this.#last = (this.#last + 1) >>> 0; while (this.#channels.has(this.#last));
    const channel = this.#add(this.#last);
    const payload = new Uint8Array(0);
    this.#send({ channel: this.#last, kind: FrameKind.open, payload }).catch(() => {});
    return channel;
  }

  /** The queue is bounded: a channel has one frame of data in it at a time, and little else. */
  #send(frame: Frame): Promise<void> {
    const sent = Promise.withResolvers<void>();
    if (this.#over) {
      sent.reject(new Deno.errors.BrokenPipe("The stream of connections has ended"));
      return sent.promise;
    }
    this.#queue.push({ frame, sent });
    this.#writing ??= this.#write();
    return sent.promise;
  }

  async #write(): Promise<void> {
    // What is sent in one turn goes in one piece.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      try {
        await this.#writer.write(encodeFrames(batch.map(({ frame }) => frame)));
        batch.forEach(({ sent }) => sent.resolve());
      } catch (error) {
        // The reading side tells how it ended; nothing more can be said to the peer.
        batch.forEach(({ sent }) => sent.reject(error));
        this.#reader.cancel().catch(() => {});
      }
    }
    this.#writing = null;
  }

  #drop(error: Error): void {
    this.#queue.splice(0).forEach(({ sent }) => sent.reject(error));
  }

  /** Writes what is queued and ends the stream from here. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#channels.forEach((channel) => channel.breakOff());
    await this.#writing;
    await this.#writer.close().catch(() => {});
  }
}

/**
 * Takes the connections that the peer of a stream opens.
 *
 * @param opened Takes each connection, and must not throw.
 * @returns Once the stream has ended: null, or what was wrong with it.
 */
export function acceptMux(
  { readable, writable }: ByteStreams,
  opened: (connection: Connection) => void,
): Promise<Error | null> {
  return new Mux(readable.getReader(), writable, opened).run(new Uint8Array(0));
}

/** What a link says once it is ready: the line before the frames. */
export interface ReadyLine {
  v: 1;
  ready: true;
  /** Version of the frames that follow. */
  mux: number;
  /** The link's driver; absent where a relay speaks for a link that is up. */
  driver?: "tc" | "tun";
}

/** Longest ready line taken, in bytes. */
const longestLine = 4096;

/**
 * The caller's end: connections to a link over its standard input and output.
 *
 * Closing it ends the link's standard input, and so the link.
 */
export class MuxClient implements Disposable {
  readonly #mux: Mux;
  /** The link's first line. Rejects where the stream ends before it, or with something else. */
  readonly ready: Promise<ReadyLine>;
  /** Settles once the stream has ended: null, or what was wrong with it. */
  readonly ended: Promise<Error | null>;

  /** @param streams `readable`: the link's standard output from its first byte; `writable`: its standard input. */
  constructor({ readable, writable }: ByteStreams) {
    const reader = readable.getReader();
    this.#mux = new Mux(reader, writable, null);
    const first = readLine(reader);
    this.ready = first.then(({ line }) => parseReady(line));
    this.ended = this.ready.then(
      async () => await this.#mux.run((await first).rest),
      (error) => error,
    );
  }

  /**
   * Opens a connection, as to the link's socket, once the link is ready.
   *
   * @throws {Error} Where the link has ended, or too many are open.
   */
  async open(): Promise<Connection> {
    await this.ready;
    return this.#mux.open();
  }

  /** Ends all connections, and the stream from here; `ended` settles once the link has ended it too. */
  close(): void {
    this.#mux.close();
  }
  [Symbol.dispose](): void {
    this.close();
  }
}

async function readLine(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<{ line: string; rest: Uint8Array }> {
  let bytes = new Uint8Array(0);
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error("The link ended before it was ready");
    const joined = new Uint8Array(bytes.length + value.length);
    joined.set(bytes);
    joined.set(value, bytes.length);
    bytes = joined;
    const end = bytes.indexOf(10);
    if (end >= 0) {
      return { line: new TextDecoder().decode(bytes.subarray(0, end)), rest: bytes.slice(end + 1) };
    }
    if (bytes.length > longestLine) return { line: new TextDecoder().decode(bytes), rest: bytes };
  }
}

function parseReady(line: string): ReadyLine {
  try {
    const value = JSON.parse(line);
    if (value?.ready === true && value.mux === MUX_VERSION) return value;
  } catch {
    // No JSON: told below.
  }
  throw new MuxError(
    `Use a link of this version (frames ${MUX_VERSION}): it began with ${
      JSON.stringify(line.slice(0, 80))
    }`,
  );
}
