/** Several programs of a lab side by side, over the same network: what each run came to, and the table of them. */
import type { SwarmResult, Transport } from "../lab/mod.ts";
import type { LinkCounts } from "../packet/mod.ts";
import type { ByDirection } from "./under_way.ts";

/** What one program's run came to. */
export interface Compared {
  /** The pair's name. */
  name: string;
  transport: Transport;
  /** Whether its server came to serve; where not, nothing else is known but the fault. */
  served: boolean;
  /** Lines that the client was given, or messages that a swarm sent; null where neither is known. */
  asked: number | null;
  /** Of these, the ones that were answered. */
  answered: number | null;
  /** From the client's start to the last that it printed; null where it printed nothing. */
  seconds: number | null;
  /** How long clients waited for an answer: median and longest; null where none came. */
  wait_ms: { p50: number; max: number } | null;
  /** Where the client is a swarm: its own figures. */
  swarm: SwarmResult | null;
  /** The most memory that the server was seen to have while clients were at it; null where nobody could look. */
  memory_bytes: number | null;
  /** What the link counted; null where it did not count the run, or not all of it. */
  link: { up: LinkCounts; down: LinkCounts } | null;
  /** Of those lost, the packets that were still on their way at the end. */
  under_way: ByDirection;
  /** What went wrong, in one line; null where nothing did. */
  fault: string | null;
}

interface Column {
  title: string;
  /** What stands in it; null for nothing. */
  of: (run: Compared) => string | null;
}

/** Headings are short: the table is to fit a terminal of 80 columns. */
const COLUMNS: readonly Column[] = [
  {
    title: "answered",
    of: ({ asked, answered }) =>
      answered === null ? null : asked === null ? `${answered}` : `${answered} of ${asked}`,
  },
  {
    title: "time",
    of: ({ seconds, swarm }) => swarm || seconds === null ? null : time(seconds * 1000),
  },
  {
    title: "per s",
    of: ({ swarm }) => swarm && swarm.seconds > 0 ? rounded(swarm.answers / swarm.seconds) : null,
  },
  { title: "median", of: ({ wait_ms, swarm }) => time(swarm ? swarm.p50_ms : wait_ms?.p50) },
  { title: "p99", of: ({ swarm }) => time(swarm?.p99_ms) },
  { title: "longest", of: longest },
  { title: "next", of: ({ swarm }) => swarm && (time(swarm.next_ms) ?? "no answer") },
  { title: "failed", of: ({ swarm }) => swarm && swarm.refused > 0 ? `${swarm.refused}` : null },
  {
    title: "memory",
    of: ({ memory_bytes }) => memory_bytes === null ? null : megabytes(memory_bytes),
  },
  { title: "packets", of: ({ link }) => link && `${link.up.seen}/${link.down.seen}` },
  { title: "lost", of: lost },
];

/**
 * A table with a line of headings and a line for each run; a column in which nothing stands is left out. What all names
 * begin with stands above them. Packets are those to the server, and those to the clients.
 */
export function comparisonTable(runs: readonly Compared[]): string[] {
  const columns = COLUMNS.filter(({ of }) => runs.some((run) => of(run) !== null));
  const head = sharedHead(runs.map(({ name }) => name));
  const names = [head, ...runs.map(({ name }) => name.slice(head.length))];
  const figures = [
    columns.map(({ title }) => title),
    ...runs.map((run) => run.served ? columns.map(({ of }) => of(run) ?? "-") : [UNSERVED]),
  ];
  const cells = names.map((name, i) => [name, ...figures[i]!]);
  const widths = cells[0]!.map((_, i) =>
    Math.max(...cells.map((row) => row[i] === UNSERVED ? 0 : row[i]?.length ?? 0))
  );
  return cells.map((row) =>
    row.map((text, i) => i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)).join("  ")
  );
}

/** What stands for the figures of a server that did not come to serve. */
const UNSERVED = "did not come to serve";

/** The words, with the underscore behind each, that several names begin with. */
function sharedHead([first = "", ...others]: readonly string[]): string {
  let head = others.length === 0 ? "" : first.slice(0, first.lastIndexOf("_") + 1);
  while (!others.every((name) => name.startsWith(head))) {
    head = head.slice(0, head.lastIndexOf("_", head.length - 2) + 1);
  }
  return head;
}

function time(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : duration(ms);
}

/** Milliseconds, or from one second on seconds, with the figures that matter. */
function duration(ms: number): string {
  return ms >= 999.5 ? `${(ms / 1000).toFixed(2)} s` : `${rounded(ms)} ms`;
}

/** The longest wait on the link or, where that is longer, at a swarm, whose clock has its machine's delays in it. */
function longest({ wait_ms, swarm }: Compared): string | null {
  return wait_ms && time(Math.max(wait_ms.max, swarm?.p99_ms ?? 0));
}

/** What the link has lost each way; nothing where that is none. What is on its way at the end is not lost. */
function lost({ link, under_way }: Compared): string | null {
  if (link === null) return null;
  const [up, down] = [link.up.lost - under_way.up, link.down.lost - under_way.down];
  return up + down > 0 ? `${up}/${down}` : null;
}

/** With one figure behind the point below ten, with none from there on. */
function rounded(value: number): string {
  return value.toFixed(value < 9.95 ? 1 : 0);
}

function megabytes(bytes: number): string {
  return `${rounded(bytes / 1e6)} MB`;
}
