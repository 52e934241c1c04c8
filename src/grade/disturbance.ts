/** What the network beneath a check did to its packets that no script asked for. Pure. */
import type { Script, ScriptLine } from "../netem/mod.ts";
import type { Direction, PacketEvent } from "../packet/mod.ts";

/** Microseconds that a packet may take on the link: there and back, less than any check lets a program wait for an answer. */
const LATE_US = 100_000;

/** What a run of the link says about who decided. */
export interface DisturbedRun {
  /** In the order of the record. */
  packets: readonly PacketEvent[];
  script: Script;
  /** The directions that have the network's profile, not one that the check has asked for. */
  beneath: readonly Direction[];
}

/**
 * Returns what the network did first that may have decided the check: `packet 4 towards the server was lost`; null where
 * nothing did. A queue that was full does not count: a program can fill it.
 *
 * TCP sends again what was lost, and puts all in order: a program that passes all the same has passed. One that fails may
 * have had too little time. Only a reset of a program's own will is never sent again.
 *
 * @param passed Whether the program did what was asked.
 */
export function disturbanceOf(
  { packets, ...run }: DisturbedRun,
  { passed }: { passed: boolean },
): string | null {
  for (const dir of run.beneath) {
    const own = packets.filter((one) => one.dir === dir);
    const overtaken = overtakenOf(own);
    for (const packet of own) {
      const text = deedTo(packet, run, { passed, overtaken: overtaken.has(packet) });
      if (text !== null) return text;
    }
  }
  return null;
}

/** The same of one packet, as far as its own record tells; null where the rest of the run may still decide. */
export function spoiledBy(
  packet: PacketEvent,
  run: Omit<DisturbedRun, "packets">,
): string | null {
  return deedTo(packet, run, { passed: true, overtaken: false });
}

function deedTo(
  packet: PacketEvent,
  { script, beneath }: Omit<DisturbedRun, "packets">,
  { passed, overtaken }: { passed: boolean; overtaken: boolean },
): string | null {
  const { dir, n } = packet;
  if (!beneath.includes(dir) || named(script[dir], n)) return null;
  const what = deedOf(packet, overtaken);
  if (what === null) return null;
  if (isMended(packet) && (passed || what === "doubled" || what === "overtaken")) return null;
  return `packet ${n} towards the ${dir === "up" ? "server" : "client"} was ${what}`;
}

/**
 * Whether TCP hides from programs what becomes of a packet, but for the time that it takes. A reset that answers a segment
 * comes again with that, and has no ACK (RFC 9293, 3.5.2); one that a program brings about has (`tcp_send_active_reset()`).
 */
function isMended({ tcp }: PacketEvent): boolean {
  return tcp !== undefined && !(tcp.flags.includes("R") && tcp.flags.includes("A"));
}

function deedOf({ cause, copies, fragment, t_us }: PacketEvent, overtaken: boolean) {
  if (cause === "loss") return "lost";
  if (copies.some(({ corrupted, harmless }) => corrupted && !harmless)) return "damaged";
  if (copies.some(({ at_us }) => at_us - t_us > LATE_US)) return "late";
  // Of a fragment that comes twice, its receiver takes one.
  if (copies.length > 1 && fragment === undefined) return "doubled";
  return overtaken ? "overtaken" : null;
}

/**
 * The packets of a direction that arrived after one which had come later, or were still under way at the end, fragments of
 * the same datagram aside.
 */
function overtakenOf(packets: readonly PacketEvent[]): Set<PacketEvent> {
  const overtaken = new Set<PacketEvent>();
  let [earliest, datagram] = [Infinity, ""];
  for (const packet of packets.toSorted((a, b) => b.n - a.n)) {
    const at = Math.min(...packet.copies.map(({ at_us }) => at_us));
    const arrives = at < Infinity || packet.cause === "end";
    if (arrives && at > earliest && datagramOf(packet) !== datagram) overtaken.add(packet);
    if (at < earliest) [earliest, datagram] = [at, datagramOf(packet)];
  }
  return overtaken;
}

/** A name that fragments of one datagram share, and no other packets. */
function datagramOf({ n, src, dst, ip_id, fragment }: PacketEvent): string {
  return fragment === undefined ? `${n}` : `${src} ${dst} ${ip_id}`;
}

function named({ hold, ...ranges }: ScriptLine, n: number): boolean {
  return hold.some(({ packet }) => packet === n) ||
    Object.values(ranges).flat().some(({ from, to }) => from <= n && n <= to);
}
