/** What a regrade changed, as people read it. Pure. */
import type { Comparison, Run, RunDifference } from "../src/grade/mod.ts";
import { shown } from "../src/grade/mod.ts";
import { ambientText } from "./ambient_options.ts";
import { scoreText, timeText } from "./grades_table.ts";
import type { Style } from "./verb.ts";

/** Returns a block for each submission whose last two runs differ, and a line that sums up. */
export function comparisonText(
  { compared, once, differences }: Comparison,
  style: Style,
): string {
  const few = compared === 1 ? "1 submission" : `${compared} submissions`;
  const rest = once === 0 ? "" : `; ${once} more ${once === 1 ? "was" : "were"} graded once`;
  const sum = differences.length === 0
    ? `The last two runs of ${few} came to the same`
    : `The last two runs differ for ${differences.length} of ${few}`;
  return `${differences.map((one) => `${blockOf(one, style)}\n`).join("")}${sum}${rest}\n`;
}

function blockOf({ lab, submission, before, after, checks }: RunDifference, style: Style): string {
  const wide = Math.max(0, ...checks.map(({ id }) => id.length));
  const lines = checks.map(({ id, before, after }) =>
    `  ${id.padEnd(wide)}  ${before ?? "not run"} → ${after ?? "not run"}`
  );
  const score = `${scoreText(before)} → ${scoreText(after)}`;
  return [
    `${style.bold(`${lab}  ${shown(submission)}`)}  ${score}`,
    ...lines,
    ...[before, after].map((run) => `  ${style.dim(originText(run))}`),
    `  ${changedText(before, after)}`,
  ].join("\n") + "\n";
}

/** `run 12, 2026-11-22 03:15, seed 7, socklab 0.1.0, deno 2.9.6, local engine`. */
export function originText({ id, started, seed, versions, engine, driver, netem }: Run): string {
  return [
    `run ${id}`,
    timeText(started),
    `seed ${seed}`,
    ...Object.entries(versions).map((entry) => entry.join(" ")),
    ...(engine === null ? [] : [`${engine} engine`]),
    ...(driver === null ? [] : [`driver ${driver}`]),
    ...(netem === null ? [] : [`network ${ambientText(netem)}`]),
  ].join(", ");
}

/** What may have made the difference, as far as both runs tell. */
function changedText(before: Run, after: Run): string {
  const told = (key: "hash" | "lab_hash" | "seed", same: string, other: string) =>
    before[key] === null || after[key] === null ? [] : [before[key] === after[key] ? same : other];
  return `Between them: ${
    [
      ...told("hash", "the same files", "other files"),
      ...told("lab_hash", "the same checks", "other checks"),
      ...told("seed", "the same seed", "another seed"),
      ...ambientText(before.netem) === ambientText(after.netem) ? [] : ["another network"],
    ].join(", ")
  }`;
}
