/** Which subnet a testbed's network gets, and which addresses its hosts. Pure. */

/** How many client hosts a network has room for: .3 to .254. */
export const MAX_CLIENTS = 252;

/** A network of 256 addresses by its first three numbers, such as `10.77.5`. */
export type Subnet = string;

/** The address of the server's host. */
export function serverAddress(subnet: Subnet): string {
  return `${subnet}.2`;
}

/** The address of client host `k`, from 1. */
export function clientAddress(subnet: Subnet, k: number): string {
  return `${subnet}.${2 + k}`;
}

/** The subnet that an address of it belongs to. */
export function subnetOf(address: string): Subnet {
  return address.slice(0, address.lastIndexOf("."));
}

/**
 * The subnets to try in turn: those of 10.77.0.0/16 from `first` on, then some of other private blocks. The host has no
 * address in them and no route to them (see `network.ts`), so they need be free among the engine's networks alone.
 *
 * @param first Where to begin, any whole number.
 */
export function candidates(first: number): Subnet[] {
  const block = (base: string) =>
    Array.from({ length: 256 }, (_, i) => `${base}.${((first % 256) + 256 + i) % 256}`);
  return ["10.77", "10.78", "172.31", "192.168"].flatMap(block);
}

/**
 * Returns the first subnet that shares no address with any network.
 *
 * @param taken Networks of the engine as `10.0.0.0/8`; those of IPv6 do not count.
 */
export function firstFree(wanted: readonly Subnet[], taken: readonly string[]): Subnet | null {
  const ranges = taken.filter((network) => network.includes(".")).map(range);
  return wanted.find((subnet) => {
    const [from, to] = range(`${subnet}.0/24`);
    return ranges.every(([other, last]) => to < other || from > last);
  }) ?? null;
}

/** The first and the last address of a network, as numbers. */
function range(network: string): [number, number] {
  const [address = "", bits = "32"] = network.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const from = Math.floor(number / size) * size;
  return [from, from + size - 1];
}
