/** What `lab grades` is asked for, from its options. Pure. */
import type { PickName, RunFilter } from "../src/grade/mod.ts";
import { UsageError } from "./verb.ts";

/** The parsed options of `lab grades`. */
export interface GradesValues {
  lab?: string | undefined;
  submission: string[];
  since?: string | undefined;
  latest: boolean;
  best: boolean;
  limit?: number | undefined;
  run?: number | undefined;
  compare: boolean;
  format?: "csv" | "json" | undefined;
  json: boolean;
  out?: string | undefined;
  book?: string | undefined;
}

/** What is to be told of the runs in the book. */
export type Wanted =
  | { what: "run"; id: number; format: "text" | "json" }
  | { what: "comparison"; filter: RunFilter; format: "text" | "json" }
  | {
    what: "list";
    filter: RunFilter;
    /** One run of each submission, or all. */
    pick: PickName;
    /** At most so many, the newest. */
    limit: number;
    format: "text" | "json" | "csv";
  };

/** So many runs are shown to people who do not say how many. */
const SHOWN = 50;

const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

/**
 * Settles what is wanted.
 *
 * @param names Submissions that are named without an option.
 * @param now From when on `--since 2h` counts back.
 * @throws {UsageError} where options contradict each other.
 */
export function wanted(values: GradesValues, names: readonly string[], now: Date): Wanted {
  refuse(values, names);
  const { lab, since, run, compare, limit } = values;
  const format = values.format ?? (values.json ? "json" : "text");
  if (values.out !== undefined && format === "text") {
    const formats = run === undefined && !compare ? "--format csv, or --format json" : "--json";
    throw new UsageError(`Add ${formats}: --out is for exports`);
  }
  if (run !== undefined && format !== "csv") return { what: "run", id: run, format };
  const submissions = [...names, ...values.submission];
  const filter: RunFilter = {
    lab,
    ...(submissions.length > 0 ? { submissions } : {}),
    ...(since === undefined ? {} : { since: parseSince(since, now) }),
  };
  if (compare && format !== "csv") return { what: "comparison", filter, format };
  // Who imports two rows of a student is told of it by the LMS at best.
  const pick = values.best ? "best" : values.latest || format === "csv" ? "latest" : "all";
  const all = format !== "text" || pick !== "all";
  return { what: "list", filter, pick, limit: limit ?? (all ? Infinity : SHOWN), format };
}

function refuse(values: GradesValues, names: readonly string[]): void {
  const { run, compare, latest, best, limit, format, json } = values;
  const given = (options: Record<string, unknown>) =>
    Object.entries(options).find(([, value]) => value !== undefined && value !== false)?.[0];
  const wrong = (option: string | undefined, because: string) => {
    if (option !== undefined) throw new UsageError(`Leave out ${option}: ${because}`);
  };
  const csv = format === "csv" ? true : undefined;
  const picks = { "--latest": latest, "--best": best, "--limit": limit, "--format csv": csv };
  if (run !== undefined) {
    const filters = {
      [`'${names[0]}'`]: names[0],
      "--submission": values.submission[0],
      "--lab": values.lab,
      "--since": values.since,
    };
    wrong(given({ "--compare": compare, ...filters, ...picks }), "--run shows one run");
  }
  if (compare) wrong(given(picks), "--compare shows the last two runs of each submission");
  if (best) wrong(given({ "--latest": latest }), "--best picks another run");
  if (json) wrong(given({ "--format csv": csv }), "--json asks for another format");
}

/**
 * Returns the moment that a text names: so long ago (`90m`, `12h`, `7d`, `2w`), a day, or a time of a day; without a zone,
 * that of the machine.
 *
 * @throws {UsageError} where it names none.
 */
export function parseSince(text: string, now: Date): Date {
  const ago = /^(\d{1,6})([mhdw])$/.exec(text);
  if (ago) return new Date(now.getTime() - Number(ago[1]) * UNITS[ago[2]!]!);
  const time = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?))?$/
    .exec(text);
  if (time && isDay(time[1]!)) {
    const moment = new Date(`${time[1]}T${time[2] ?? "00:00"}`);
    if (!Number.isNaN(moment.getTime())) return moment;
  }
  throw new UsageError(
    `Give --since a time such as 2026-11-22, '2026-11-22 14:30' or 7d, not '${text}'`,
  );
}

/** Date() takes the 31st of February, for the 3rd of March. */
function isDay(day: string): boolean {
  const start = new Date(`${day}T00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(day);
}
