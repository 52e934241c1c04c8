/**
 * The filters that pick the lab's own packets out of what passes the interface, as classic BPF programs: the same that
 * the tun driver's rules (`routes.ts`) and `Frame.meetsModel()` pick, and no others, for each packet that passes netem
 * takes a random number.
 *
 * TCP, UDP and ICMP echo between the clients' network and the server's address. Not ARP, neighbour discovery, ICMP
 * errors, multicast, nor what is for all of the network: none of these is for one of its addresses.
 */
import { parseAddress } from "../../packet/mod.ts";
import { type LinkInterface, networkOf } from "../routes.ts";
import { type BpfInstruction, BpfProgram, bytecodeText } from "./bpf_program.ts";

/** Where IP begins: behind Ethernet's header, in both directions of clsact. */
const ip = 14;
const type4 = 0x0800, type6 = 0x86dd;
const icmp = 1, tcp = 6, udp = 17, icmp6 = 58;
const hopByHop = 0, routing = 43, fragment = 44, destination = 60;
/** IPv6 extension headers that are looked behind; RFC 8200 has no use for more than five. */
const depth = 6;
/** What clsact's filter answers for a packet that it takes: "the class that I was given". */
const taken = 0xffffffff;
/** Places in BPF's store. */
const nextHeader = 0, offset = 1;

/** The filter of a direction, as the word behind `bytecode` of tc's `bpf`. */
export function labFilterText(on: LinkInterface, way: "up" | "down"): string {
  return bytecodeText(labFilter(on, way));
}

/**
 * The filter of a direction: `up` for packets from the clients' network to the server, `down` for its answers. It
 * looks at a frame that begins with Ethernet's header, and answers 0 for those that are not the lab's.
 */
export function labFilter(on: LinkInterface, way: "up" | "down"): BpfInstruction[] {
  const program = new BpfProgram();
  program.do("loadHalf", 12).when("equals", type4, { yes: "four" });
  if (on.six !== undefined) program.when("equals", type6, { yes: "six" });
  program.goto("no").label("four");
  four(program, on, way);
  if (on.six !== undefined) {
    program.label("six");
    six(program, on.six, way);
  }
  return program.label("no").do("answer", 0).label("yes").do("answer", taken).finish();
}

function four(program: BpfProgram, on: { address: string; prefix: number }, way: "up" | "down") {
  const source = ip + 12, target = ip + 16;
  program.do("loadByte", ip).do("shiftRight", 4).when("equals", 4, { no: "no4" });
  const [client, server] = way === "up" ? [source, target] : [target, source];
  matchAddress(program, server, parseAddress(on.address), 32, "no4");
  matchAddress(program, client, networkBytes(on), on.prefix, "no4");
  if (way === "down") notBroadcast(program, client, on);
  program.do("loadByte", ip + 9)
    .when("equals", udp, { yes: "yes4" })
    .when("equals", tcp, { yes: "yes4" })
    .when("equals", icmp, { no: "no4" })
    .do("loadHalf", ip + 6)
    // A later fragment has no type of its own; it goes the way of the first one.
    .when("hasBits", 0x1fff, { yes: "yes4" })
    .do("indexHeader", ip)
    .do("loadByteAt", ip)
    .when("equals", 8, { yes: "yes4" })
    .when("equals", 0, { yes: "yes4" })
    .label("no4").goto("no")
    .label("yes4").goto("yes");
}

/** Ends with no for what is for all of the network: it may leave, but the answers of a server are for one. */
function notBroadcast(
  program: BpfProgram,
  at: number,
  on: { address: string; prefix: number },
): void {
  if (on.prefix >= 31) return;
  const last = wordAt(networkBytes(on), 0) | (0xffffffff >>> on.prefix);
  program.do("loadWord", at).when("equals", last, { yes: "no4" });
}

function six(program: BpfProgram, on: { address: string; prefix: number }, way: "up" | "down") {
  const source = ip + 8, target = ip + 24;
  program.do("loadByte", ip).do("shiftRight", 4).when("equals", 6, { no: "no6" });
  const [client, server] = way === "up" ? [source, target] : [target, source];
  matchAddress(program, server, parseAddress(on.address), 128, "no6");
  matchAddress(program, client, networkBytes(on), on.prefix, "no6");
  // A jump on a condition reaches no further than 255 instructions.
  program.goto("headers").label("no6").goto("no").label("headers");
  program.do("index", ip + 40).do("loadByte", ip + 6);
  for (let i = 0; i < depth; i++) skipExtension(program);
  program
    .label("last")
    .when("equals", udp, { yes: "yes" })
    .when("equals", tcp, { yes: "yes" })
    .when("equals", icmp6, { no: "no" })
    .do("loadByteAt", 0)
    .when("equals", 128, { yes: "yes" })
    .when("equals", 129, { yes: "yes", no: "no" })
    // In a later fragment no header follows, but the number before it says of what this is a part.
    .label("later").do("recall", nextHeader)
    .when("equals", udp, { yes: "yes" })
    .when("equals", tcp, { yes: "yes" })
    .when("equals", icmp6, { no: "no" })
    .do("loadByteAt", 0)
    .goto("yes");
}

/** A is the number of the header at X. Where that is an extension, both go one on; else it is the last. */
function skipExtension(program: BpfProgram): void {
  const isExtension = program.fresh(), isFragment = program.fresh(), end = program.fresh();
  program
    .when("equals", fragment, { yes: isFragment })
    .when("equals", hopByHop, { yes: isExtension })
    .when("equals", routing, { yes: isExtension })
    .when("equals", destination, { no: "last" })
    .label(isExtension)
    // Of a header that is cut short nothing is read: a load past the end ends the program with 0.
    .do("loadByteAt", 7)
    .do("loadByteAt", 0).do("store", nextHeader)
    .do("loadByteAt", 1).do("add", 1).do("shiftLeft", 3).do("addIndex").do("indexTaken")
    .goto(end)
    .label(isFragment)
    .do("loadByteAt", 7)
    .do("loadByteAt", 0).do("store", nextHeader)
    .do("loadHalfAt", 2).do("and", 0xfff8).do("store", offset)
    .do("and", 0).do("add", 8).do("addIndex").do("indexTaken")
    .do("recall", offset).when("hasBits", 0xfff8, { yes: "later" })
    .label(end).do("recall", nextHeader);
}

/** Ends at `no` unless the first `prefix` bits at `at` are those of an address. */
function matchAddress(
  program: BpfProgram,
  at: number,
  address: Uint8Array,
  prefix: number,
  no: string,
): void {
  for (let i = 0; i * 32 < prefix; i++) {
    const bits = Math.min(32, prefix - i * 32);
    program.do("loadWord", at + i * 4);
    if (bits < 32) program.do("and", ~(0xffffffff >>> bits));
    program.when("equals", wordAt(address, i * 4), { no });
  }
}

/** The first address of a network. */
function networkBytes({ address, prefix }: { address: string; prefix: number }): Uint8Array {
  return parseAddress(networkOf(address, prefix).replace(/\/\d+$/, ""));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
}
