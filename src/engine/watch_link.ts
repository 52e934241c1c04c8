/** Hearing of a link's end, beside its owner. */

/** A connection that says nothing until the link ends. */
export interface LinkWatch extends Disposable {
  /** Settles when the link has ended, or the watch. */
  readonly ended: Promise<void>;
}

/**
 * Watches a link: it says nothing on a connection that asks nothing, until it ends.
 *
 * @param control Path of its control socket.
 */
export async function watchLink(control: string): Promise<LinkWatch> {
  const conn = await Deno.connect({ transport: "unix", path: control });
  return {
    ended: conn.read(new Uint8Array(1)).then(() => {}, () => {}),
    [Symbol.dispose]() {
      try {
        conn.close();
      } catch {
        // Closed already.
      }
    },
  };
}
