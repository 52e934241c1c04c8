/**
 * What the tc driver says to ip and tc, as pure text: lines for `ip -batch` and `tc -batch`.
 *
 * A filter at the interface leads the lab's packets to the device of their direction's chain. There, from the root on:
 * - tbf, which never waits, but cuts super-packets: what meets netem is what is on the wire, one draw each
 * - prio, whose filter shows the packet to the tap and gives it its class; a duplicate, which enters anew at the root,
 *   has its class already, so that no filter is asked
 * - netem
 *
 * Behind the device the packet goes on from where it was led away: into the interface's stack, or out.
 */
import type { LinkInterface } from "../routes.ts";
import { labFilterText } from "./lab_filter.ts";
import { createdDevices, queueDevices, tapDevices, type TapEnd, type Way, ways } from "./names.ts";

/** Where clsact takes packets at the interface. */
const hooks = { up: "ingress", down: "egress" } as const;
/** Where netem sits. */
const seat = "10:1";
/** Different, or the one would be taken for a change to the other. */
const handles = { netem: "30:", nothing: "20:" } as const;
/** Ethernet's header and a tag of a virtual network, beside the MTU. */
const header = 18;
const ends: readonly TapEnd[] = [0, 1];
const allDevices = [...queueDevices.up, ...queueDevices.down, ...tapDevices];

/** For `ip -batch`: the devices, still down. */
export function deviceLines(): string[] {
  return [
    `link add ${tapDevices[0]} type veth peer name ${tapDevices[1]}`,
    ...[...queueDevices.up, ...queueDevices.down].map((device) => `link add ${device} type ifb`),
  ];
}

/** For `ip -force -batch`: nothing is to come from the devices themselves. A kernel without IPv6 refuses, and need not. */
export function quietLines(): string[] {
  return allDevices.map((device) => `link set ${device} addrgenmode none`);
}

/** For `ip -batch`: the devices up, once they are quiet. */
export function upLines(): string[] {
  return allDevices.map((device) => `link set ${device} up arp off`);
}

/** For `tc -batch`: what stands around each netem, and where the filters of the interface will be. */
export function treeLines(on: LinkInterface): string[] {
  const trees = ways.flatMap((way) =>
    ends.flatMap((end) => {
      const device = queueDevices[way][end];
      return [
        `qdisc add dev ${device} root handle 1: tbf rate 100tbit burst ${
          on.mtu + header
        } limit 100mb`,
        `qdisc add dev ${device} parent 1:1 handle 10: prio bands 2 priomap${" 1".repeat(16)}`,
        `filter add dev ${device} parent 10: protocol all pref 1 handle 1 matchall classid ${seat}` +
        ` action skbedit priority ${seat} pipe action mirred egress mirror dev ${tapDevices[end]}`,
        dropLine(way, end),
      ];
    })
  );
  return [...trees, `qdisc add dev ${on.device} clsact`];
}

/** Puts a netem into a chain, in place of nothing. */
export function netemLine(way: Way, end: TapEnd, words: string): string {
  return `qdisc replace dev ${
    queueDevices[way][end]
  } parent ${seat} handle ${handles.netem} netem ${words}`;
}

/** Changes the netem that is there. */
export function changeLine(way: Way, end: TapEnd, words: string): string {
  return `qdisc change dev ${
    queueDevices[way][end]
  } parent ${seat} handle ${handles.netem} netem ${words}`;
}

/** Puts nothing in a netem's place: what was queued is dropped, and so is what would still come. */
export function dropLine(way: Way, end: TapEnd): string {
  return `qdisc replace dev ${
    queueDevices[way][end]
  } parent ${seat} handle ${handles.nothing} blackhole`;
}

/** The first of two filters is asked, and takes the packet. */
function filterAdd(on: LinkInterface, way: Way, end: TapEnd): string {
  return `filter add dev ${on.device} ${hooks[way]} protocol all pref ${
    end + 1
  } handle 1 bpf bytecode "${labFilterText(on, way)}" action mirred egress redirect dev ${
    queueDevices[way][end]
  }`;
}

function filterDelete(on: LinkInterface, way: Way, end: TapEnd): string {
  return `filter del dev ${on.device} ${hooks[way]} pref ${end + 1}`;
}

/** For `tc -batch`: leads packets into a chain where they are not led yet. */
export function leadLines(on: LinkInterface, way: Way, end: TapEnd): string[] {
  return [filterAdd(on, way, end)];
}

/** Lines that move a direction from one chain to the other. */
export interface SwitchLines {
  /** Have no effect yet. */
  before: string[];
  /** The first of them moves it, at once and as a whole. */
  at: string[];
  /** Where a line failed, for `-force`: undoes what was done, whatever it was. */
  undo: string[];
}

/** How a direction comes to take the chain `to`. */
export function switchLines(on: LinkInterface, way: Way, to: TapEnd): SwitchLines {
  const from: TapEnd = to === 0 ? 1 : 0;
  const add = filterAdd(on, way, to), remove = filterDelete(on, way, from);
  const undo = [filterAdd(on, way, from), filterDelete(on, way, to)];
  // A filter behind the one in force has no effect until that is gone; one before it has at once.
  return to === 1 ? { before: [add], at: [remove], undo } : { before: [], at: [add, remove], undo };
}

/** For `tc -force -batch` and `ip -force -batch`: takes away what is there, the filters first. */
export function clearLines(on: LinkInterface): { tc: string[]; ip: string[] } {
  return {
    tc: [`qdisc del dev ${on.device} clsact`],
    ip: createdDevices.map((device) => `link del ${device}`),
  };
}
