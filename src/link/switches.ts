/**
 * The switches of the kernel (sysctl(8)) that routing through a tun device rests on.
 */
import type { LinkInterface } from "./routes.ts";

/** A switch that the link needs in a certain position. */
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

/** Those that must be right; IPv6's only where the interface has an address of it. */
export function requiredSwitches({ device, six }: LinkInterface): Switch[] {
  return [
    on("net/ipv4/ip_forward", "packets for the server are not led into the link"),
    // For both families, by its name notwithstanding.
    off("net/ipv4/ip_early_demux", "the kernel drops packets of connections that it already knows"),
    // The effective value is the larger of `all` and the interface's own; 2 (loose) passes here, 1 drops everything.
    // IPv6 has no such filter.
    ...["all", "default", device].map((name): Switch => ({
      path: `net/ipv4/conf/${name}/rp_filter`,
      value: "0",
      accepted: ["0", "2"],
      why: "the kernel drops every packet that comes back out of the link",
    })),
    ...(six === undefined ? [] : [
      off("net/ipv6/conf/default/disable_ipv6", "the link's own device carries no IPv6"),
      on("net/ipv6/conf/all/forwarding", "IPv6 packets for the server are not led into the link"),
      on("net/ipv6/conf/all/proxy_ndp", "neighbours do not find the server"),
    ]),
  ];
}

function on(path: string, why: string): Switch {
  return { path, value: "1", accepted: ["1"], why };
}

function off(path: string, why: string): Switch {
  return { path, value: "0", accepted: ["0"], why };
}
