/** A container's output as two streams. */
import type { Attached } from "./hijack.ts";
import { OutputFrames } from "./demux.ts";

/** What a container writes. */
export interface Output {
  stdout: ReadableStream<Uint8Array>;
  stderr: ReadableStream<Uint8Array>;
}

/** Bytes of one stream that wait for a reader who reads the other first. */
const WAITING = 1 << 20;

/** Splits what a container without a terminal writes; both streams end with the connection. */
export function splitOutput(attached: Attached): Output {
  const pipes = { stdout: pipe(), stderr: pipe() };
  const writers = {
    stdout: pipes.stdout.writable.getWriter(),
    stderr: pipes.stderr.writable.getWriter(),
  };
  (async () => {
    const frames = new OutputFrames();
    for (;;) {
      const piece = await attached.read();
      if (piece === null) break;
      for (const { stream, bytes } of frames.push(piece)) {
        // One that nobody wants any more is read all the same: the program must not block.
        await writers[stream].write(bytes).catch(() => {});
      }
    }
    for (const writer of Object.values(writers)) void writer.close().catch(() => {});
    attached.close();
  })();
  return { stdout: pipes.stdout.readable, stderr: pipes.stderr.readable };
}

function pipe(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({}, undefined, {
    highWaterMark: WAITING,
    size: (bytes) => bytes.length,
  });
}

/** A container's standard input as a stream; closing it ends the input alone. */
export function inputOf(attached: Attached): WritableStream<Uint8Array<ArrayBuffer>> {
  return new WritableStream({
    write: (bytes) => attached.write(bytes),
    close: () => attached.closeWrite(),
    abort: () => attached.closeWrite(),
  });
}
