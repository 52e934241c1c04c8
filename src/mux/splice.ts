/**
 * Connections led on to other connections.
 */
import { close, type Connection, writeAll } from "./connection.ts";

/**
 * Carries bytes between two connections until both directions have ended, then closes both. The end of one direction
 * is passed on as such, and the other goes on; a side that fails ends both.
 */
export async function splice(a: Connection, b: Connection): Promise<void> {
  try {
    await Promise.all([carry(a, b), carry(b, a)]);
  } finally {
    close(a);
    close(b);
  }
}

async function carry(from: Connection, to: Connection): Promise<void> {
  const bytes = new Uint8Array(65536);
  try {
    for (;;) {
      const count = await from.read(bytes);
      if (count === null) break;
      await writeAll(to, bytes.subarray(0, count));
    }
    await to.closeWrite();
  } catch {
    // The other direction must not wait for one that is gone.
    close(from);
    close(to);
  }
}
