/**
 * How packets are led through the tun device and back: rules, routes and switches, as pure text.
 *
 * Both directions pass one tun device in the server's network namespace. What arrives for the server is routed into
 * it before local delivery, and delivered once the link writes it back; what the server sends is routed into it, and
 * leaves through a raw socket whose mark sends it the ordinary way.
 */

/** The interface whose packets the link takes, as it stands. */
export interface LinkInterface {
  /** Its name, such as `eth0`. */
  device: string;
  /** The server's IPv4 address on it. */
  address: string;
  /** Bits of the network, such as 24. */
  prefix: number;
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
const protocols = [17, 6, 1];

/**
 * The lines for `ip -batch` that lead packets through the tun device. Repeatable: `clear` takes leftovers of an
 * earlier link away and is meant for `-force`, for most of them are not there; every line of `set` must succeed.
 */
export function routeCommands(on: LinkInterface): { clear: string[]; set: string[] } {
  const network = networkOf(on.address, on.prefix);
  const { guard, original, marked, local } = preferences;
  const clear = [
    // Without a rule for the local table the namespace is deaf, if only for a moment.
    `rule add pref ${guard} lookup local`,
    ...[original, marked, local].map((preference) => `rule del pref ${preference}`),
    ...protocols.flatMap(() => [
      `rule del pref ${preferences.up}`,
      `rule del pref ${preferences.down}`,
    ]),
  ];
  const set = [
    // The queue must hold whatever bursts in while the link looks elsewhere: what it drops, no model has seen.
    `link set ${tunDevice} up mtu ${on.mtu} txqueuelen 20000`,
    `route replace default dev ${tunDevice} table ${tables.up}`,
    `route replace default dev ${tunDevice} src ${on.address} table ${tables.down}`,
    `rule add pref ${marked} fwmark ${linkMark} lookup main`,
    ...protocols.map((protocol) =>
      `rule add pref ${preferences.up} iif ${on.device} from ${network} to ${on.address} ipproto ${protocol} lookup ${tables.up}`
    ),
    `rule add pref ${local} lookup local`,
    ...protocols.map((protocol) =>
      `rule add pref ${preferences.down} iif lo to ${network} ipproto ${protocol} lookup ${tables.down}`
    ),
    `rule del pref ${guard}`,
  ];
  return { clear, set };
}

/** The network of an address, such as `10.77.0.0/24`. */
export function networkOf(address: string, prefix: number): string {
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - prefix);
  const network = Math.floor(number / size) * size;
  const parts = [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256);
  return `${parts.join(".")}/${prefix}`;
}

/** A switch of the kernel (sysctl(8)) that the link needs in a certain position. */
export interface Switch {
  /** Path below /proc/sys. */
  path: string;
  /** What is written. */
  value: string;
  /** Values that do as well. */
  accepted: string[];
  /** What goes wrong otherwise. */
  why: string;
}

/** The switches that routing through a tun device rests on. */
export function requiredSwitches(device: string): Switch[] {
  const base = "net/ipv4";
  return [
    {
      path: `${base}/ip_forward`,
      value: "1",
      accepted: ["1"],
      why: "packets for the server are not led into the link",
    },
    {
      path: `${base}/ip_early_demux`,
      value: "0",
      accepted: ["0"],
      why: "the kernel drops packets of connections that it already knows",
    },
    // The effective value is the larger of `all` and the interface's own; 2 (loose) passes here, 1 drops everything.
    ...["all", "default", device].map((name): Switch => ({
      path: `${base}/conf/${name}/rp_filter`,
      value: "0",
      accepted: ["0", "2"],
      why: "the kernel drops every packet that comes back out of the link",
    })),
  ];
}
