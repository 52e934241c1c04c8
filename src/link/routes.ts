/**
 * How packets are led through the tun device and back: rules and routes, as pure text.
 *
 * Both directions pass one tun device in the server's network namespace. What arrives for the server is routed into
 * it before local delivery, and delivered once the link writes it back; what the server sends is routed into it, and
 * leaves through a raw socket whose mark sends it the ordinary way.
 */
import { formatAddress6, parseAddress } from "../packet/mod.ts";

/** The interface whose packets the link takes, as it stands. */
export interface LinkInterface {
  /** Its name, such as `eth0`. */
  device: string;
  /** The server's IPv4 address on it. */
  address: string;
  /** Bits of the network, such as 24. */
  prefix: number;
  /** The server's IPv6 address on it, where it has one that is known beyond the cable. */
  six?: { address: string; prefix: number };
  mtu: number;
}

/** Name of the tun device. */
export const tunDevice = "link0";

/** The mark (SO_MARK) of packets that the link itself sends. */
export const linkMark = 0x50c;

const tables = { up: 1101, down: 1102 };
/** `original` is the rule for the local table that every namespace begins with; `local` takes its place. */
const preferences = { original: 0, guard: 1, marked: 5, up: 10, local: 20, down: 30 };
/** UDP, TCP and ICMP, by number: a container may lack /etc/protocols, which has the names. */
const protocols = { four: [17, 6, 1], six: [17, 6, 58] };

/** Lines for `ip -batch`; of IPv6, for `ip -6 -batch`. */
export interface RouteCommands {
  /** Takes leftovers of an earlier link away; meant for `-force`, for most of them are not there. */
  clear: string[];
  /** Every line must succeed. */
  set: string[];
}

/** The lines that lead IPv4 packets through the tun device, and make it ready. Repeatable. */
export function routeCommands(on: LinkInterface): RouteCommands {
  const { clear, set } = rulesFor(on, on, protocols.four);
  return {
    clear,
    set: [
      // The device needs no address of its own; without one it sends nothing by itself.
      ...(on.six === undefined ? [] : [`link set ${tunDevice} addrgenmode none`]),
      // The queue must hold whatever bursts in while the link looks elsewhere: what it drops, no model has seen.
      `link set ${tunDevice} up mtu ${on.mtu} txqueuelen 20000`,
      ...set,
    ],
  };
}

/** The same for IPv6, where the interface has an address; after those for IPv4. */
export function routeCommands6({ device, six }: LinkInterface): RouteCommands | null {
  if (six === undefined) return null;
  const { clear, set } = rulesFor({ device }, six, protocols.six);
  return {
    clear,
    set: [
      // Rules cannot tell neighbour discovery from echo. But of what is routed onwards, the kernel takes neighbour
      // discovery for an address that it answers for (RFC 4389) as its own, where it came in: it never enters the link.
      `neigh replace proxy ${six.address} dev ${device}`,
      ...set,
    ],
  };
}

function rulesFor(
  { device }: { device: string },
  { address, prefix }: { address: string; prefix: number },
  numbers: readonly number[],
): RouteCommands {
  const network = networkOf(address, prefix);
  const { guard, original, marked, up, local, down } = preferences;
  const clear = [
    // Without a rule for the local table the namespace is deaf, if only for a moment.
    `rule add pref ${guard} lookup local`,
    ...[original, marked, local].map((preference) => `rule del pref ${preference}`),
    ...numbers.flatMap(() => [`rule del pref ${up}`, `rule del pref ${down}`]),
  ];
  const set = [
    `route replace default dev ${tunDevice} table ${tables.up}`,
    `route replace default dev ${tunDevice} src ${address} table ${tables.down}`,
    `rule add pref ${marked} fwmark ${linkMark} lookup main`,
    ...numbers.map((number) =>
      `rule add pref ${up} iif ${device} from ${network} to ${address} ipproto ${number} lookup ${tables.up}`
    ),
    `rule add pref ${local} lookup local`,
    ...numbers.map((number) =>
      `rule add pref ${down} iif lo to ${network} ipproto ${number} lookup ${tables.down}`
    ),
    `rule del pref ${guard}`,
  ];
  return { clear, set };
}

/** The network of an address, such as `10.77.0.0/24` or `fd00:77::/64`. */
export function networkOf(address: string, prefix: number): string {
  const bytes = parseAddress(address).map((byte, i) =>
    byte & (0xff << Math.min(8, Math.max(0, 8 * (i + 1) - prefix)))
  );
  return `${bytes.length === 4 ? bytes.join(".") : formatAddress6(bytes, 0)}/${prefix}`;
}
