/** Foretold fates as text: a strip of symbols, a table, statistics. */
import { type Foretold, parseProfile, type Profile } from "../netem/mod.ts";
import { type FateFigures, fateFigures, type FateKind } from "./fate_figures.ts";

/** How the packets came, and how to show them. */
export interface FateTextOptions {
  /** Microseconds from one packet to the next. */
  intervalUs: number;
  /** Bytes of each with its Ethernet header. */
  frameBytes: number;
  /** The script, as text. Default: none. */
  script?: string;
  /** Columns of the terminal. Default 80. */
  width?: number;
  /** Rows of the table. Default 12. */
  rows?: number;
  /** Symbols in the strip before it is cut. Default 2000. */
  stripLength?: number;
  /** Escape sequences for colours. Default false. */
  colour?: boolean;
  /** Only the heading, the strip and the delays. Default false. */
  brief?: boolean;
}

const SYMBOLS: Record<FateKind, { symbol: string; meaning: string; colour: number }> = {
  arrived: { symbol: ".", meaning: "arrives", colour: 2 },
  lost: { symbol: "x", meaning: "lost", colour: 31 },
  twice: { symbol: "2", meaning: "arrives twice", colour: 36 },
  damaged: { symbol: "!", meaning: "arrives damaged", colour: 35 },
  overtook: { symbol: "<", meaning: "overtakes one sent before it", colour: 33 },
};

/** The fates as lines of text, with a new line at the end. */
export function fateText(foretold: Foretold, options: FateTextOptions): string {
  const figures = fateFigures(foretold);
  const blocks = [
    heading(foretold, options),
    strip(figures, options),
    ...(options.brief ? [delays(figures)] : [
      table(foretold, figures, options),
      statistics(foretold, figures, options),
    ]),
  ];
  return blocks.filter((lines) => lines.length > 0).map((lines) => lines.join("\n") + "\n")
    .join("\n");
}

function heading(foretold: Foretold, options: FateTextOptions): string[] {
  const lines = [
    `profile  ${foretold.profile === "" ? "none (a perfect wire)" : foretold.profile}`,
    `packets  ${foretold.count}, of ${options.frameBytes} bytes, ` +
    (options.intervalUs === 0
      ? "all at once"
      : `one every ${plain(options.intervalUs / 1000, 6)} ms`),
  ];
  if (options.script) lines.push(`script   ${options.script}`);
  return lines;
}

function strip(figures: FateFigures, options: FateTextOptions): string[] {
  const paint = painter(options.colour);
  const shown = Math.min(figures.kinds.length, options.stripLength ?? 2000);
  const label = String(shown).length;
  const room = (options.width ?? 80) - label - 4;
  // Rows of ten make a packet's number easy to count.
  const perRow = Math.max(10, Math.min(100, Math.floor(room / 10) * 10));
  const lines: string[] = [];
  for (let from = 0; from < shown; from += perRow) {
    let row = "";
    for (const kind of figures.kinds.slice(from, Math.min(from + perRow, shown))) {
      row += paint(SYMBOLS[kind].symbol, SYMBOLS[kind].colour);
    }
    lines.push(`  ${String(from + 1).padStart(label)}  ${row}`);
  }
  if (shown < figures.kinds.length) {
    lines.push(`  … and ${figures.kinds.length - shown} more`);
  }
  const used = new Set(figures.kinds);
  const legend = (Object.keys(SYMBOLS) as FateKind[]).filter((kind) => used.has(kind))
    .map((kind) => `${paint(SYMBOLS[kind].symbol, SYMBOLS[kind].colour)} ${SYMBOLS[kind].meaning}`);
  lines.push("", `  ${legend.join("   ")}`);
  return lines;
}

function table(foretold: Foretold, figures: FateFigures, options: FateTextOptions): string[] {
  const rows = options.rows ?? 12;
  const touched: number[] = [];
  let others = 0;
  figures.kinds.forEach((kind, index) => {
    if (kind === "arrived") return;
    if (touched.length < rows) touched.push(index + 1);
    else others++;
  });
  if (touched.length === 0) return [];
  const paint = painter(options.colour);
  const number = Math.max(6, String(touched.at(-1)).length);
  const sent = (n: number) => ((n - 1) * options.intervalUs / 1000).toFixed(3);
  const time = Math.max(10, sent(touched.at(-1) ?? 1).length);
  return [
    `  ${"packet".padStart(number)}  ${"sent at ms".padStart(time)}  what happens`,
    ...touched.map((n) => {
      const kind = figures.kinds[n - 1] ?? "arrived";
      const story = paint(told(foretold, n, kind), SYMBOLS[kind].colour);
      return `  ${String(n).padStart(number)}  ${sent(n).padStart(time)}  ${story}`;
    }),
    ...(others > 0 ? [`  … and ${others} more`] : []),
  ];
}

function told(foretold: Foretold, n: number, kind: FateKind): string {
  const delays = (foretold.delay_us[n - 1] ?? []).map((us) => `${(us / 1000).toFixed(3)} ms`);
  if (kind === "lost") return "lost";
  const after = `after ${delays.join(" and ")}`;
  const twice = delays.length > 1 ? ", twice" : "";
  switch (kind) {
    case "damaged":
      return `arrives damaged${twice}, ${after}`;
    case "twice":
      return `arrives twice, ${after}`;
    case "overtook":
      return `overtakes, arrives ${after}`;
    case "arrived":
      return `arrives ${after}`;
  }
}

function statistics(
  foretold: Foretold,
  figures: FateFigures,
  options: FateTextOptions,
): string[] {
  const asked = askedFor(parseProfile(foretold.profile));
  const share = (count: number) =>
    `${count} of ${foretold.count} (${plain(100 * count / foretold.count, 1)} %)`;
  const rows: [string, string, string][] = [
    ["lost", asked.lost, share(figures.lost)],
    ["arrive twice", asked.twice, share(figures.twice)],
    ["arrive damaged", asked.damaged, share(figures.damaged)],
    ["overtake", asked.overtook, share(figures.overtook)],
  ];
  const { delayMs, longestRun } = figures;
  if (delayMs !== undefined) {
    const [min, avg, max] = [delayMs.min, delayMs.avg, delayMs.max].map((ms) => ms.toFixed(3));
    const [p50, p90, p99] = [delayMs.p50, delayMs.p90, delayMs.p99].map((ms) => ms.toFixed(3));
    rows.push(
      ["delay", asked.delay, `min/avg/max ${min}/${avg}/${max} ms`],
      ["", "", `p50/p90/p99 ${p50}/${p90}/${p99} ms`],
    );
  }
  if (longestRun !== undefined) {
    const { first, length } = longestRun;
    const where = length === 1 ? `packet ${first}` : `packets ${first} to ${first + length - 1}`;
    rows.push(["most lost in a row", "", `${length} (${where})`]);
  }
  const wide = Math.max(9, ...rows.map((row) => row[1].length));
  const paint = painter(options.colour);
  return [
    paint(`  ${"".padEnd(18)}  ${"asked for".padEnd(wide)}  what comes of it`, 2),
    ...rows.map(([name, wish, came]) => `  ${name.padEnd(18)}  ${wish.padEnd(wide)}  ${came}`),
  ];
}

/** The delays on one line, where there are any. */
function delays({ delayMs }: FateFigures): string[] {
  if (delayMs === undefined || delayMs.max === 0) return [];
  const { min, avg, p90, max } = delayMs;
  return [`  min/avg/p90/max ${[min, avg, p90, max].map((ms) => ms.toFixed(1)).join("/")} ms`];
}

/** What a profile asks for, a word or two for each row. */
function askedFor(
  profile: Profile,
): Record<"lost" | "twice" | "damaged" | "overtook" | "delay", string> {
  const { delay, loss, duplicate, corrupt, reorder, rate, slot } = profile;
  const chance = (of: { percent: number } | undefined) =>
    of === undefined ? "-" : `${plain(of.percent, 4)} %`;
  const delays = [];
  if (delay !== undefined) {
    const jitter = delay.jitterNs > 0 ? ` +- ${plain(delay.jitterNs / 1e6, 6)}` : "";
    delays.push(`${plain(delay.ns / 1e6, 6)}${jitter} ms`);
  }
  if (rate !== undefined) delays.push("rate");
  if (slot !== undefined) delays.push("slots");
  return {
    lost: loss === undefined ? "-" : loss.kind === "random" ? chance(loss) : loss.kind,
    twice: chance(duplicate),
    damaged: chance(corrupt),
    overtook: [reorder && chance(reorder), delay?.jitterNs && "jitter"].filter(Boolean)
      .join(" and ") || "-",
    delay: delays.length === 0 ? "-" : delays.join(" and "),
  };
}

/** A number with at most so many decimals, and none that say nothing. */
function plain(value: number, decimals: number): string {
  return String(Number(value.toFixed(decimals)));
}

function painter(on = false): (text: string, code: number) => string {
  return (text, code) => on ? `\x1b[${code}m${text}\x1b[0m` : text;
}
