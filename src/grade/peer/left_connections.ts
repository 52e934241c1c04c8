/** Ending what is left of a connection at the other side, from this side's port. */
import net from "node:net";
import { withPatience } from "./patience.ts";

/** Ticks that an attempt may take. */
const ATTEMPT = 4;

/**
 * Connects from each of these ports, to where connections of theirs are left, in TIME-WAIT or elsewhere, and nothing
 * listens any more. Such a connection takes the SYN for a segment out of place and acknowledges what it knows; to that,
 * our side can only answer with a reset, which ends it (RFC 1337, section 2; RFC 9293, section 3.10.7.4).
 */
export async function endLeft(host: string, port: number, ports: number[]): Promise<void> {
  await Promise.all(ports.map(async (localPort) => {
    const socket = net.connect({ host, port, localPort });
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    socket.on("error", () => {});
    await withPatience(closed, () => {}, ATTEMPT);
    socket.destroy();
  }));
}
