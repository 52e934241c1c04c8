import type { PacketEvent } from "../packet/mod.ts";
import { Labels } from "./ladder_label.ts";

/** What makes a row worth a second look. */
export type LadderTone = "plain" | "lost" | "duplicate" | "overtaken" | "damaged";

/**
 * One line of the ladder that shows a packet.
 *
 * - `cross`: it leaves one end and arrives at the other
 * - `leave`: it leaves, and arrives further down because another crosses it or overtakes it
 * - `arrive`: a copy arrives that left further up
 * - `lost`: it leaves and dies in the link
 */
export interface LadderPacketRow {
  kind: "cross" | "leave" | "arrive" | "lost";
  packet: PacketEvent;
  /** When it left its sender, in microseconds; null on `arrive`. */
  leftUs: number | null;
  /** When this copy arrived, in microseconds; null on `leave` and `lost`. */
  arrivedUs: number | null;
  /** What it is, the fullest text first. */
  labels: readonly string[];
  tone: LadderTone;
  /** What happened to it, in a few words; empty where nothing did. */
  note: string;
}

/** A line for time that passes, or for rows left out. */
export interface LadderBreakRow {
  kind: "pause" | "omitted";
  /** `pause`: microseconds; `omitted`: how many rows. */
  amount: number;
}

/** A line of the ladder. */
export type LadderRow = LadderPacketRow | LadderBreakRow;

/** How to lay out a ladder. */
export interface LadderLayout {
  /** A pause at least this long gets a row of its own, in milliseconds. Default 200. */
  pauseMs?: number;
  /** The most rows; what exceeds it is left out of the middle. Default: no limit. */
  maxRows?: number;
  /** Rows left out of the middle already, for which there are no packets. Default 0. */
  omitted?: number;
  /** By `src>dst`, the sequence number that TCP's are counted from. Default: the first that is shown. */
  origins?: Readonly<Record<string, number>>;
}

/** An end of a packet's way, at one of the two ends of the link. */
interface Point {
  us: number;
  /** The packet's place by departure: a tie-breaker that keeps order. */
  order: number;
  /** -1 is the departure, others index `copies`. */
  copy: number;
  flight: Flight;
}

interface Flight {
  packet: PacketEvent;
  labels: string[];
  overtaker: Flight | null;
  /** The copy that arrives first; -1 if none does. */
  first: number;
}

/**
 * The rows of an exchange, top to bottom, from the events of its packets in any order.
 *
 * Each end sees its own times grow from row to row. A packet takes one row wherever that allows
 * it, and two only where another crosses it on the way or overtakes it.
 */
export function ladderRows(
  packets: readonly PacketEvent[],
  options: LadderLayout = {},
): LadderRow[] {
  const flights = takeOff(packets, options.origins);
  const [client, server] = timelines(flights);
  const rows: LadderPacketRow[] = [];
  while (true) {
    const left = client[0], right = server[0];
    if (!left && !right) break;
    const fromLeft = !right || (left !== undefined && earlier(left, right) < 0);
    const [near, far] = fromLeft ? [client, server] : [server, client];
    const point = near.shift()!;
    const meets = far[0];
    if (point.copy < 0 && meets?.flight === point.flight && meets.copy === point.flight.first) {
      far.shift();
      rows.push(row("cross", point, meets));
    } else if (point.copy >= 0) rows.push(row("arrive", null, point));
    else rows.push(row(point.flight.first < 0 ? "lost" : "leave", point, null));
  }
  return shorten(withPauses(rows, (options.pauseMs ?? 200) * 1000), options);
}

function takeOff(
  packets: readonly PacketEvent[],
  origins: LadderLayout["origins"],
): Flight[] {
  const labels = new Labels(origins);
  const inOrder = packets.toSorted((a, b) => a.t_us - b.t_us || a.n - b.n);
  const flights = inOrder.map((packet): Flight => ({
    packet,
    labels: labels.of(packet),
    overtaker: null,
    first: packet.copies.reduce(
      (first, copy, i) => first < 0 || copy.at_us < packet.copies[first]!.at_us ? i : first,
      -1,
    ),
  }));
  for (const dir of ["up", "down"] as const) findOvertakers(flights, dir);
  return flights;
}

/** Of each overtaken packet, the first of those that left after it and arrived before it. */
function findOvertakers(flights: readonly Flight[], dir: PacketEvent["dir"]): void {
  const arrived = flights.filter((flight) => flight.packet.dir === dir && flight.first >= 0);
  for (const [i, flight] of arrived.entries()) {
    for (const later of arrived.slice(i + 1)) {
      if (arrival(later) >= arrival(flight)) continue;
      if (!flight.overtaker || arrival(later) < arrival(flight.overtaker)) flight.overtaker = later;
    }
  }
}

function arrival(flight: Flight): number {
  return flight.packet.copies[flight.first]!.at_us;
}

/** What happens at the client's end and at the server's, each in order of time. */
function timelines(flights: readonly Flight[]): [Point[], Point[]] {
  const client: Point[] = [], server: Point[] = [];
  for (const [order, flight] of flights.entries()) {
    const { dir, t_us, copies } = flight.packet;
    const [from, to] = dir === "up" ? [client, server] : [server, client];
    from.push({ us: t_us, order, copy: -1, flight });
    for (const [copy, { at_us }] of copies.entries()) to.push({ us: at_us, order, copy, flight });
  }
  return [client.sort(earlier), server.sort(earlier)];
}

/** By time; at the same time in order of departure, and a packet's departure before its arrival. */
function earlier(a: Point, b: Point): number {
  return a.us - b.us || a.order - b.order || a.copy - b.copy;
}

function row(
  kind: LadderPacketRow["kind"],
  left: Point | null,
  arrived: Point | null,
): LadderPacketRow {
  const { flight } = (left ?? arrived)!;
  return {
    kind,
    packet: flight.packet,
    leftUs: left?.us ?? null,
    arrivedUs: arrived?.us ?? null,
    labels: flight.labels,
    ...remark(flight, arrived),
  };
}

function remark(flight: Flight, arrived: Point | null): { tone: LadderTone; note: string } {
  const { packet, overtaker, first } = flight;
  if (first < 0) return { tone: "lost", note: LOSS_NOTES[packet.cause ?? "loss"] };
  if (!arrived) return { tone: overtaker ? "overtaken" : "plain", note: "" };
  const { corrupted, harmless } = packet.copies[arrived.copy]!;
  if (corrupted && !harmless) return { tone: "damaged", note: "damaged" };
  if (arrived.copy !== first) return { tone: "duplicate", note: "duplicate" };
  if (overtaker) {
    const name = overtaker.labels.at(-1)!;
    const told = name === flight.labels.at(-1) ? `packet ${overtaker.packet.n}` : name;
    return { tone: "overtaken", note: `overtaken by ${told}` };
  }
  return { tone: "plain", note: packet.marked ? "marked" : "" };
}

const LOSS_NOTES: Readonly<Record<NonNullable<PacketEvent["cause"]>, string>> = {
  loss: "lost",
  duplicate: "lost",
  script: "lost (script)",
  limit: "lost: queue full",
  end: "in the link at the end",
};

function withPauses(rows: readonly LadderPacketRow[], pauseUs: number): LadderRow[] {
  const spaced: LadderRow[] = [];
  let last = Infinity;
  for (const row of rows) {
    const begins = row.leftUs ?? row.arrivedUs!;
    if (begins - last >= pauseUs) spaced.push({ kind: "pause", amount: begins - last });
    spaced.push(row);
    const ends = row.arrivedUs ?? row.leftUs!;
    last = last === Infinity ? ends : Math.max(last, ends);
  }
  return spaced;
}

function shorten(rows: LadderRow[], layout: LadderLayout): LadderRow[] {
  const { maxRows: most = Infinity, omitted: missing = 0 } = layout;
  if (rows.length <= most) return rows;
  const head = Math.ceil((most - 1) / 2), tail = Math.max(0, most - 1 - head);
  const omitted = rows.length - head - tail;
  return [
    ...rows.slice(0, head),
    { kind: "omitted", amount: omitted + missing },
    ...rows.slice(rows.length - tail),
  ];
}
