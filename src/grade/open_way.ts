/**
 * Whether what client hosts send comes to the server's place, and what is answered comes back: asked before anything is
 * judged on a testbed, and again before a failure is believed. A firewall of the machine may drop all of it, from the
 * beginning or from one moment on.
 */
import { splitPort } from "../packet/mod.ts";
import { withPatience } from "./peer/patience.ts";
import { type PeerClient, PeerError } from "./peer_client.ts";
import type { Peers } from "./peers.ts";

/** What there is to do where it is not so. */
export const CLOSED =
  "Look at this machine's firewall: what the testbed's hosts send each other does not arrive";

/** The only socket of each. */
const SOCKET = 1;
/** Milliseconds between a datagram and the next. */
const PACE = 10;

/** Where the server's end is: the lab's port, which is free, as peers have nothing open. */
interface ServerEnd {
  host: string;
  port: number;
}

/**
 * Sends datagrams to and fro until each client host with a peer has received one.
 *
 * @throws {PeerError} Where a socket cannot be had.
 */
export async function datagramsArrive(peers: Peers, to: ServerEnd): Promise<boolean> {
  const [server, ...clients] = peers.running;
  const silent = new Set(clients);
  let over = false;
  // That a packet cannot be sent is one more way in which it does not arrive.
  const send = (from: PeerClient, address: ServerEnd) =>
    attempted(from.ask({ op: "to", socket: SOCKET, ...address }, new Uint8Array(1)));
  const exchanged = async () => {
    while (!over) {
      await Promise.all([...silent].map((client) => send(client, to)));
      const { list: asked } = await server!.ask({ op: "pending", socket: SOCKET });
      await Promise.all(asked!.map(({ from }) => {
        const { address, port } = splitPort(from);
        return send(server!, { host: address, port: port! });
      }));
      for (const client of [...silent]) {
        const { list: answered } = await client.ask({ op: "pending", socket: SOCKET });
        if (answered!.length > 0) silent.delete(client);
      }
      if (silent.size === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
    return false;
  };
  try {
    await server!.ask({ op: "bind", socket: SOCKET, port: to.port });
    await Promise.all(clients.map((client) => client.ask({ op: "bind", socket: SOCKET, port: 0 })));
    return await withPatience(exchanged(), () => false);
  } finally {
    over = true;
    await peers.clear();
  }
}

/**
 * Makes a connection from each client host with a peer, and resets it, which leaves nothing behind.
 *
 * @throws {PeerError} Where nothing can listen at the server's end.
 */
export async function connectionsArrive(peers: Peers, to: ServerEnd): Promise<boolean> {
  const [server, ...clients] = peers.running;
  try {
    await server!.ask({ op: "listen", socket: SOCKET, port: to.port });
    const made = await Promise.all(clients.map(async (client) => {
      const connected = await attempted(client.ask({ op: "connect", socket: SOCKET, ...to }));
      if (connected) await client.ask({ op: "reset", socket: SOCKET });
      return connected;
    }));
    return made.every((one) => one);
  } finally {
    await peers.clear();
  }
}

async function attempted(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof PeerError) return false;
    throw error;
  }
}
