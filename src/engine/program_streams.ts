/** The streams of a program, which outlive it or are outlived by it. */

/** Pipes input until it ends or the program does; then the rest of it is left for others to read. */
export async function feed(
  input: ReadableStream<Uint8Array>,
  stdin: WritableStream<Uint8Array<ArrayBuffer>>,
  exited: Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  exited.then(() => stop.abort());
  try {
    await input.pipeTo(stdin as WritableStream<Uint8Array>, {
      signal: stop.signal,
      preventCancel: true,
    });
  } catch {
    // The program has ended or closed its input: its own affair. A source that failed ends the input.
    await stdin.close().catch(() => {});
  }
}

/** A stream that ends at the latest when told to. */
export function until(
  stream: ReadableStream<Uint8Array>,
  end: Promise<void>,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  // Ends a read that waits, too. Not a race with `end` at each: a promise that stays would keep all that ever came.
  const cancel = () => reader.cancel().catch(() => {});
  void end.then(cancel);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel,
  });
}
