/**
 * What the link asks of a connection: the part of `Deno.Conn` that a socket and a channel of a mux share.
 */

/** A stream of bytes in each direction. */
export interface Connection {
  /** Reads into `into`: the number of bytes, or null once the peer says nothing more. Rejects once closed here. */
  read(into: Uint8Array): Promise<number | null>;
  /** Writes some of the bytes, at least one: their number. Rejects once either side has closed. */
  write(bytes: Uint8Array): Promise<number>;
  /** Says that nothing more is written; reading goes on. */
  closeWrite(): Promise<void>;
  close(): void;
}

/** Writes all of the bytes. */
export async function writeAll(
  to: { write(bytes: Uint8Array): Promise<number> },
  bytes: Uint8Array,
): Promise<void> {
  for (let done = 0; done < bytes.length;) done += await to.write(bytes.subarray(done));
}

/** Closes a connection that may be closed already. */
export function close(connection: Connection): void {
  try {
    connection.close();
  } catch {
    // Closed already.
  }
}
