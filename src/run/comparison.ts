/** Several programs of a lab side by side, over the same network: what each run came to, and the table of them. */
import type { SwarmResult, Transport } from "../lab/mod.ts";
import type { Connection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import type { LinkCounts } from "../packet/mod.ts";

/** What one program's run came to. */
export interface Compared {
  /** The pair's name. */
  name: string;
  transport: Transport;
  /** Lines that the client was given, or messages that a swarm sent; null where neither is known. */
  asked: number | null;
  /** Of these, the ones that were answered. */
  answered: number | null;
  /** From the client's start to the last that it printed. */
  seconds: number;
  /** How long clients waited for an answer: median and longest; null where none came. */
  wait_ms: { p50: number; max: number } | null;
  /** Where the client is a swarm: its own figures. */
  swarm: SwarmResult | null;
  /** The most memory that the server was seen to have; null where nobody can tell. */
  memory_bytes: number | null;
  link: { up: LinkCounts; down: LinkCounts };
  /** What went wrong, in one line; null where nothing did. */
  fault: string | null;
}

interface Column {
  title: string;
  /** What stands in it; null for nothing. */
  of: (run: Compared) => string | null;
}

const COLUMNS: readonly Column[] = [
  { title: "lines", of: ({ asked, swarm }) => swarm || asked === null ? null : `${asked}` },
  {
    title: "answered",
    of: ({ asked, answered, swarm }) =>
      answered === null ? null : swarm ? `${answered} of ${asked}` : `${answered}`,
  },
  { title: "time", of: ({ seconds }) => duration(seconds * 1000) },
  {
    title: "answers/s",
    of: ({ swarm }) => swarm && swarm.seconds > 0 ? rate(swarm.answers / swarm.seconds) : null,
  },
  {
    title: "median wait",
    of: ({ wait_ms, swarm }) => swarm ? time(swarm.p50_ms) : wait_ms && duration(wait_ms.p50),
  },
  {
    title: "longest wait",
    of: ({ wait_ms, swarm }) => swarm ? null : wait_ms && duration(wait_ms.max),
  },
  { title: "p99", of: ({ swarm }) => time(swarm?.p99_ms) },
  {
    title: "one more client",
    of: ({ swarm }) => swarm && (time(swarm.next_ms) ?? "no answer"),
  },
  {
    title: "clients lost",
    of: ({ swarm }) => swarm && swarm.refused > 0 ? `${swarm.refused}` : null,
  },
  {
    title: "memory",
    of: ({ memory_bytes }) => memory_bytes === null ? null : megabytes(memory_bytes),
  },
  { title: "packets up", of: ({ link }) => packets(link.up) },
  { title: "packets down", of: ({ link }) => packets(link.down) },
];

/** A table with a line of headings and a line for each run; a column in which nothing stands is left out. */
export function comparisonTable(runs: readonly Compared[]): string[] {
  const columns = COLUMNS.filter(({ of }) => runs.some((run) => of(run) !== null));
  const cells = [
    ["", ...columns.map(({ title }) => title)],
    ...runs.map((run) => [run.name, ...columns.map(({ of }) => of(run) ?? "-")]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row) =>
    row.map((text, i) => i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)).join("  ")
  );
}

/**
 * Returns how long a client waited for each answer, in milliseconds: from the first request to it, so that a request sent
 * again for want of an answer is part of the wait. It holds for clients that ask one thing at a time.
 */
export function waitsOf(exchanges: readonly Exchange[]): number[] {
  const waits: number[] = [];
  let first: Exchange | null = null;
  for (const exchange of exchanges.toSorted((a, b) => a.sent_us - b.sent_us)) {
    if (first === null || headOf(first) !== headOf(exchange)) first = exchange;
    if (exchange.rtt_us === null || exchange.late) continue;
    waits.push((exchange.sent_us + exchange.rtt_us - first.sent_us) / 1000);
    first = null;
  }
  return waits;
}

/**
 * Returns the same for connections, in milliseconds: to the first answer on each from its SYN, so that what it took to
 * open it is part of the wait; to those after it from their requests.
 */
export function connectionWaits(connections: readonly Connection[]): number[] {
  return connections.flatMap(({ trips_us, times: { syn_sent_us, synack_arrived_us } }) => {
    const opening = syn_sent_us === null || synack_arrived_us === null
      ? 0
      : synack_arrived_us - syn_sent_us;
    return trips_us.map((us, i) => (i === 0 ? us + opening : us) / 1000);
  });
}

function headOf({ packets }: Exchange): string | undefined {
  return packets[0]?.head;
}

/** Counts the lines whose answer stands somewhere in what a client printed, each answer for one line only. */
export function countAnswered(answers: readonly string[], printed: string): number {
  let from = 0, found = 0;
  for (const answer of answers) {
    const at = printed.indexOf(answer, from);
    if (at < 0) continue;
    found++;
    from = at + answer.length;
  }
  return found;
}

function time(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : duration(ms);
}

/** Milliseconds, or from one second on seconds, with the figures that matter. */
function duration(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

function packets({ seen, lost }: LinkCounts): string {
  return lost === 0 ? `${seen}` : `${seen}, ${lost} lost`;
}

function rate(perSecond: number): string {
  return perSecond < 10 ? perSecond.toFixed(1) : `${Math.round(perSecond)}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}
