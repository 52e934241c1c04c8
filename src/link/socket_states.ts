/** How many sockets of TCP stand in which state in the server's namespace, from the text of /proc/net (proc(5)). */
import { isDockerNames, parseAddress } from "./listening.ts";

/** States of a connection (RFC 9293, section 3.3.2), as the kernel numbers them from 1. */
const STATES = [
  "ESTABLISHED",
  "SYN_SENT",
  "SYN_RECV",
  "FIN_WAIT1",
  "FIN_WAIT2",
  "TIME_WAIT",
  "CLOSE",
  "CLOSE_WAIT",
  "LAST_ACK",
  "LISTEN",
  "CLOSING",
  // NEW_SYN_RECV: a connection half open, which is all that SYN_RECV says.
  "SYN_RECV",
] as const;

/** The state of a socket of TCP, by the kernel's name: SYN-RECEIVED of the RFC is `SYN_RECV`. */
export type SocketState = typeof STATES[number];

/** How many sockets stand in each state; one in which there are none is left out. */
export type SocketStates = Partial<Record<SocketState, number>>;

/**
 * Counts the sockets in `/proc/net/tcp` or `tcp6`.
 *
 * @param port Only sockets of this local port. Default: all.
 */
export function countStates(text: string, port?: number): SocketStates {
  const counts: SocketStates = {};
  for (const line of text.split("\n").slice(1)) {
    const [, local, , hexState] = line.trim().split(/\s+/);
    const state = STATES[parseInt(hexState ?? "", 16) - 1];
    const [hexAddress, hexPort] = local?.split(":") ?? [];
    if (state === undefined || hexAddress === undefined || hexPort === undefined) continue;
    if (port !== undefined && parseInt(hexPort, 16) !== port) continue;
    if (isDockerNames(parseAddress(hexAddress))) continue;
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** The states of the sockets in this process's network namespace, but for Docker's own. */
export function readStates(port?: number): SocketStates {
  const sum: SocketStates = {};
  for (const file of ["tcp", "tcp6"]) {
    let text: string;
    try {
      text = Deno.readTextFileSync(`/proc/net/${file}`);
    } catch {
      continue; // No IPv6 in this kernel.
    }
    for (const [state, count] of Object.entries(countStates(text, port))) {
      sum[state as SocketState] = (sum[state as SocketState] ?? 0) + count;
    }
  }
  return sum;
}
