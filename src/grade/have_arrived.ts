/** Whether the server has heard of what clients did to their connections. */
import type { SocketEntry } from "./peer/protocol.ts";
import type { PeerClient } from "./peer_client.ts";

/** The kernel's numbers of states in which a side has not heard of the other's end (tcp_states.h). */
const ESTABLISHED = 1, SYN_RECV = 3, FIN_WAIT1 = 4, FIN_WAIT2 = 5;
const HEARD_OF_NO_END: readonly number[] = [ESTABLISHED, SYN_RECV, FIN_WAIT1, FIN_WAIT2];
/** And of those in which a side has not ended what it sends. */
const CLOSE_WAIT = 8;
const OPEN: readonly number[] = [ESTABLISHED, CLOSE_WAIT];

/**
 * Asks the kernels at both ends whether no beginning, end or reset of a client's connection is on its way any more.
 *
 * @param peers The one in the server's place first, then those of the client hosts.
 * @param server `ip:port`.
 */
export async function haveArrived(peers: readonly PeerClient[], server: string): Promise<boolean> {
  const lists = await Promise.all(peers.map((peer) => peer.ask({ op: "sockets" })));
  const [there = [], ...here] = lists.map(({ sockets = [] }) => sockets);
  return allArrived(server, there, here.flat());
}

/** The same, of sockets on the server's host and those on clients' hosts. Pure. */
export function allArrived(
  server: string,
  there: readonly SocketEntry[],
  here: readonly SocketEntry[],
): boolean {
  const open = new Set(
    here.filter(({ remote, state }) => remote === server && OPEN.includes(state))
      .map(({ local }) => local),
  );
  return there.every(({ local, remote, state }) =>
    local !== server || !HEARD_OF_NO_END.includes(state) ||
    (state !== SYN_RECV && open.has(remote))
  );
}
