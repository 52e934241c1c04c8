/** Connections that a check leaves at the server's place, in TIME-WAIT or elsewhere, and their end. */
import { splitPort } from "../packet/mod.ts";
import type { SocketEntry } from "./peer/protocol.ts";
import type { PeerClient } from "./peer_client.ts";

/** The kernel's number of LISTEN (tcp_states.h). */
const LISTEN = 10;
/** A second attempt is for those that came while the first was made; the last one looks only. */
const ATTEMPTS = 3;

/**
 * Ends the connections that are left at a port of the server's place, where no program is any more: in TIME-WAIT, or
 * waiting for what the other side has forgotten. They would keep the next check's program from listening if it does not
 * set SO_REUSEADDR: that is one check's subject, and no other's.
 *
 * Those stay that both sides have closed at the same moment: both are in TIME-WAIT then, and a port is not to be had from
 * which the other side could be asked.
 *
 * @param peers The one in the server's place first, then those of the client hosts.
 * @returns Whether none is left.
 */
export async function endLeft(
  peers: readonly PeerClient[],
  { host, port }: { host: string; port: number },
): Promise<boolean> {
  for (let attempt = 1;; attempt++) {
    const { sockets = [] } = await peers[0]!.ask({ op: "sockets" });
    const left = leftAt(port, sockets);
    if (left.size === 0) return true;
    if (attempt === ATTEMPTS) return false;
    await Promise.all(
      peers.slice(1).map(async (peer) => {
        const { local = "" } = await peer.ask({ op: "address" });
        const ports = left.get(local);
        if (ports !== undefined) await peer.ask({ op: "endLeft", host, port, ports });
      }),
    );
  }
}

/** Ports of the other sides of a port's connections, by address. */
export function leftAt(port: number, sockets: readonly SocketEntry[]): Map<string, number[]> {
  const ports = new Map<string, number[]>();
  for (const { local, remote, state } of sockets) {
    if (state === LISTEN || !local.endsWith(`:${port}`)) continue;
    const { address, port: theirs } = splitPort(remote);
    ports.set(address, [...ports.get(address) ?? [], theirs!]);
  }
  return ports;
}
