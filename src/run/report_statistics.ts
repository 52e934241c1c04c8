/**
 * The statistics at a run's end: ping's lines, and what the link counted beside what was asked.
 */
import type { LinkCounts } from "../packet/mod.ts";
import type { Tally } from "./tally.ts";

/**
 * The lines that ping prints at its end, with `+N duplicates` and, as ping has none of these,
 * `+N late`: one line, or two if anything was received.
 */
export function pingStatistics(tally: Tally): string[] {
  const { sent, received, duplicates, late, rtt_ms } = tally;
  const counts = [`${sent} packets transmitted`, `${received} received`];
  if (duplicates > 0) counts.push(`+${duplicates} duplicates`);
  if (late > 0) counts.push(`+${late} late`);
  if (sent > 0) counts.push(`${percent(tally.loss, 6)}% packet loss`);
  const lines = [counts.join(", ")];
  if (rtt_ms) {
    const figures = [rtt_ms.min, rtt_ms.avg, rtt_ms.max, rtt_ms.mdev];
    lines.push(`rtt min/avg/max/mdev = ${figures.map((ms) => ms.toFixed(3)).join("/")} ms`);
  }
  return lines;
}

/** A share in percent with so many significant digits, as C's `%g`. */
function percent(share: number, digits: number): string {
  return String(Number((share * 100).toPrecision(digits)));
}

/** One direction of the table. */
export interface AskedAndCounted {
  counts: LinkCounts;
  /** Of those lost, the packets that were still on their way when the run ended: they have a column of their own. Default 0. */
  under_way?: number;
  /** What the link was asked to do, as text: profile and script. */
  asked: string;
}

/** A column that is shown if it counted anything, or if its word was asked for. */
interface Column {
  title: string;
  of: (counts: LinkCounts, underWay: number) => number;
  share: boolean;
  asked: RegExp | null;
}

const COLUMNS: readonly Column[] = [
  { title: "seen", of: (counts) => counts.seen, share: false, asked: /^/ },
  {
    title: "lost",
    of: (counts, underWay) => Math.max(0, counts.lost - underWay),
    share: true,
    asked: /^/,
  },
  { title: "duplicated", of: (counts) => counts.duplicated, share: true, asked: /\bduplicate\b/ },
  { title: "corrupted", of: (counts) => counts.corrupted, share: true, asked: /\bcorrupt\b/ },
  {
    title: "reordered",
    of: (counts) => counts.reordered,
    share: true,
    asked: /\b(reorder|gap|hold)\b/,
  },
  { title: "queue full", of: (counts) => counts.dropped_full, share: true, asked: /\blimit\b/ },
  { title: "on its way", of: (_, underWay) => underWay, share: false, asked: null },
  { title: "delivered", of: (counts) => counts.delivered, share: false, asked: /^/ },
];

/** A table with a line for each direction: what the link counted, and what it was asked for. */
export function linkTable(link: { up: AskedAndCounted; down: AskedAndCounted }): string[] {
  const both = [link.up, link.down];
  const columns = COLUMNS.filter(({ of, asked }) =>
    both.some((one) => of(one.counts, one.under_way ?? 0) > 0 || asked?.test(one.asked))
  );
  const cells = [
    ["link", ...columns.map(({ title }) => title), "asked for"],
    ...(["up", "down"] as const).map((dir) => [
      dir,
      ...columns.map((column) => cell(column, link[dir])),
      link[dir].asked || "nothing",
    ]),
  ];
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  // Figures stand to the right, words to the left.
  return cells.map((row) =>
    row.map((text, i) =>
      i === 0 || i === row.length - 1 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)
    ).join("  ").trimEnd()
  );
}

function cell({ of, share }: Column, { counts, under_way = 0 }: AskedAndCounted): string {
  const count = of(counts, under_way);
  return share && count > 0 ? `${count} (${percent(count / counts.seen, 3)}%)` : String(count);
}
