/**
 * The interface in front of which the link stands: its addresses, network and MTU.
 */
import { tool } from "./machine.ts";
import type { LinkInterface } from "./routes.ts";

/** An address as `ip -json address` tells it; flags that are not set are absent. */
interface ListedAddress {
  family?: string;
  local?: string;
  prefixlen?: number;
  scope?: string;
  /** Not used before it is known that no neighbour has it. */
  tentative?: boolean;
  dadfailed?: boolean;
  deprecated?: boolean;
  temporary?: boolean;
}

/** An interface as `ip -json address` tells it; for one of another kind, an empty object. */
export interface ListedInterface {
  mtu?: number;
  addr_info?: ListedAddress[];
}

/** Milliseconds that duplicate address detection may take: about two seconds where nobody has changed it. */
const patience = 5000;

/**
 * Reads an interface.
 *
 * @throws {Error} Where there is no such interface, none with an IPv4 address, or its IPv6 address stays unusable.
 */
export async function readInterface(device: string): Promise<LinkInterface> {
  const deadline = performance.now() + patience;
  for (;;) {
    const listing = JSON.parse(await tool("ip", ["-json", "address", "show", "dev", device]));
    const found = interfaceOf(device, listing);
    if (found === null) {
      throw new Error(`Give ${device} an IPv4 address first: the link found none`);
    }
    if (!found.tentative) return found.on;
    if (performance.now() > deadline) {
      throw new Error(
        `Give ${device} an IPv6 address that may be used (nodad): the link found ${found.on.six?.address}, still tentative`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * What of the listing the link goes by: the first IPv4 address, and the first IPv6 address beyond link-local that is
 * there to stay. `tentative`: it must not be used yet. Null without an IPv4 address.
 */
export function interfaceOf(
  device: string,
  listing: readonly ListedInterface[],
): { on: LinkInterface; tentative: boolean } | null {
  const mtu = listing.find((entry) => entry.mtu !== undefined)?.mtu ?? 1500;
  const all = listing.flatMap((entry) => entry.addr_info ?? []);
  const four = all.filter(({ family }) => family === "inet").map(placeOf).find((one) => one);
  if (!four) return null;
  const usable = all.filter((one) =>
    one.family === "inet6" && one.scope !== "link" && one.scope !== "host" &&
    !one.dadfailed && !one.deprecated && !one.temporary && placeOf(one)
  );
  const chosen = usable[0];
  const six = chosen && placeOf(chosen);
  return {
    on: { device, ...four, ...(six && { six }), mtu },
    tentative: chosen?.tentative ?? false,
  };
}

function placeOf(one: ListedAddress): { address: string; prefix: number } | null {
  return one.local === undefined || one.prefixlen === undefined
    ? null
    : { address: one.local, prefix: one.prefixlen };
}
