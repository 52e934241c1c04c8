/** What a run says at its end: statistics, the link's counts, pictures. */
import type { LabManifest } from "../src/lab/mod.ts";
import type { DriverName, LinkSetting } from "../src/link/mod.ts";
import {
  type ConnectionTeller,
  type DatagramTeller,
  linkTable,
  type Picture,
  type RunOutcome,
  type Teller,
} from "../src/run/mod.ts";
import type { LinkPlan } from "./link_options.ts";
import { shownOf, type ShowOptions } from "./run_shows.ts";
import type { Style } from "./verb.ts";

/** The counts of a run, as lines; none where another run took the link before anything of this one crossed it. */
export function countLines(
  teller: Pick<Teller, "statistics">,
  { end, under_way, displaced }: Pick<RunOutcome, "end" | "under_way" | "displaced">,
  { link, driver, style }: { link: LinkPlan; driver: DriverName; style: Style },
): string[] {
  const { up, down, sharers, last, missed } = end;
  if (displaced && up.seen + down.seen === 0) return [];
  const until = displaced ? " until another run began" : "";
  const lines = [`--- as the link saw it${until} ---`, ...teller.statistics().map(style.bold), ""];
  lines.push(...linkTable({
    up: { counts: up, under_way: under_way.up, asked: whatItDoes(link.up) },
    down: { counts: down, under_way: under_way.down, asked: whatItDoes(link.down) },
  }));
  if (sharers > 1) {
    lines.push(
      `${sharers} clients share this run, all counted here${last ? "" : "; others go on"}`,
    );
  }
  if (missed > 0) {
    const whole = driver === "tc"
      ? "the counts above are of what it saw"
      : "the link's counts above are whole";
    lines.push(`The record missed ${missed} entries under load; ${whole}`);
  }
  return lines;
}

/** What the lab shows of a run, and the first that went wrong, as lines. */
export function pictureLines(
  teller: DatagramTeller | ConnectionTeller,
  lab: LabManifest,
  { style, ...options }: ShowOptions & { style: Style },
): string[] {
  const shown = shownOf(teller, lab, options);
  const wrong = teller.firstWrong(options);
  const pictures: Picture[] = [...shown, ...(wrong === null ? [] : [wrong])];
  return pictures.flatMap(({ title, lines }) => ["", style.bold(title), ...lines]);
}

/** Profile and script in one line; a seed alone does nothing. */
export function whatItDoes({ profile, script }: LinkSetting): string {
  return [profile.replace(/^seed \d+$/, ""), script].filter((text) => text !== "").join("; ");
}
