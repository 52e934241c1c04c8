/** Addresses and names of a local testbed's hosts. Pure. */

/** Address of the server's host. */
export const SERVER_ADDRESS = "10.77.0.2";

/** Bits of the network's prefix. */
export const PREFIX_LENGTH = 24;

/** How many client hosts the network has room for: .3 to .254. */
export const MAX_CLIENTS = 252;

/** The address of client host `k`, from 1. Throws RangeError outside 1 to `MAX_CLIENTS`. */
export function clientAddress(k: number): string {
  if (!Number.isInteger(k) || k < 1 || k > MAX_CLIENTS) {
    throw new RangeError(`Choose a client host from 1 to ${MAX_CLIENTS}: got ${k}`);
  }
  return `10.77.0.${2 + k}`;
}

/**
 * The text of `/etc/hosts` inside the testbed (hosts(5)).
 *
 * @param clients how many client hosts there are
 * @param machine the machine's own host name, which programs may look up
 */
export function hostsFile(clients: number, machine: string): string {
  const lines = [`127.0.0.1\tlocalhost${machine === "localhost" ? "" : ` ${machine}`}`];
  lines.push(`${SERVER_ADDRESS}\tserver`);
  for (let k = 1; k <= clients; k++) {
    lines.push(`${clientAddress(k)}\tclient${k}${k === 1 ? " client" : ""}`);
  }
  return lines.join("\n") + "\n";
}

/**
 * The text of `/etc/resolv.conf` inside the testbed (resolv.conf(5)): a name that `/etc/hosts` does
 * not know fails at once, because nothing listens on the loopback's port 53.
 */
export const RESOLV_CONF = "nameserver 127.0.0.1\noptions attempts:1 timeout:1\n";
