/**
 * A socket on this side of a mux: for callers that are other processes.
 */
import { close, type Connection } from "./connection.ts";
import { splice } from "./splice.ts";

/**
 * Leads each connection accepted on a socket on to a channel of its own, until the listener is closed.
 *
 * @param mux Opens the channels; where it opens none, for the link has ended, the connection is closed.
 */
export async function serveMux(
  listener: Deno.Listener,
  mux: { open(): Promise<Connection> },
): Promise<void> {
  for await (const from of listener) {
    mux.open().then((to) => splice(from, to), () => close(from));
  }
}
