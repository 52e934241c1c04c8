/**
 * Whether what client hosts send comes to the server's place, and what is answered comes back: asked before anything is
 * judged on a testbed, and again before a failure is believed. A firewall of the machine may drop all of it, from the
 * beginning or from one moment to the next.
 */
import { withPatience } from "./peer/patience.ts";
import { type PeerClient, PeerError } from "./peer_client.ts";

/** What there is to do where it is not so. */
export const CLOSED =
  "Look at this machine's firewall: what the testbed's hosts send each other does not arrive";

/** A number that no check gives to a socket of its own. */
const SOCKET = 0;
/** Milliseconds between a datagram and the next. */
const PACE = 10;

/**
 * Asks peers, on a perfect wire.
 *
 * @param peers The one in the server's place first, then those of client hosts: each of them is tried.
 * @param host The server's address.
 */
export async function isWayOpen(
  [there, ...clients]: readonly PeerClient[],
  { host, proto }: { host: string; proto: "udp" | "tcp" },
): Promise<boolean> {
  const server = there!;
  const op = proto === "tcp" ? "listen" : "bind";
  const { local } = await server.ask({ op, socket: SOCKET, port: 0 });
  const to = { host, port: addressOf(local!).port };
  try {
    if (proto === "udp") return await datagramsPass(server, clients, to);
    return (await Promise.all(clients.map((client) => connects(client, to)))).every((one) => one);
  } finally {
    await server.ask({ op: "close", socket: SOCKET });
  }
}

type Address = { host: string; port: number };

async function connects(client: PeerClient, to: Address): Promise<boolean> {
  const connected = await attempted(client.ask({ op: "connect", socket: SOCKET, ...to }));
  // That leaves nothing behind, on either side.
  if (connected) await client.ask({ op: "reset", socket: SOCKET });
  return connected;
}

async function datagramsPass(
  server: PeerClient,
  clients: readonly PeerClient[],
  to: Address,
): Promise<boolean> {
  await Promise.all(clients.map((client) => client.ask({ op: "bind", socket: SOCKET, port: 0 })));
  const silent = new Set(clients);
  let over = false;
  const send = (from: PeerClient, address: Address) =>
    attempted(from.ask({ op: "to", socket: SOCKET, ...address }, new Uint8Array(1)));
  const exchanged = async () => {
    while (!over) {
      await Promise.all([...silent].map((client) => send(client, to)));
      const { list: asked } = await server.ask({ op: "pending", socket: SOCKET });
      await Promise.all(asked!.map(({ from }) => send(server, addressOf(from))));
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
    return await withPatience(exchanged(), () => false);
  } finally {
    over = true;
    await Promise.all(clients.map((client) => client.ask({ op: "close", socket: SOCKET })));
  }
}

/** Whether a peer could do it: what it cannot is no fault of its own. */
async function attempted(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof PeerError) return false;
    throw error;
  }
}

/** Takes `ip:port` apart. */
function addressOf(text: string): Address {
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}
