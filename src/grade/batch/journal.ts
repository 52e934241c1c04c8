/** What a batch is of, and what it is graded by: `batch.json`, from which it is resumed and its results are repeated. Pure. */
import type { EngineName } from "../../engine/mod.ts";
import type { Check } from "../check.ts";
import type { Ambient } from "../link_run.ts";
import type { GradeResult } from "../result.ts";
import type { FormatName, Policy } from "../report/mod.ts";
import { shown } from "../submission/mod.ts";
import { BatchError } from "./batch_error.ts";

/** A batch, version 1. */
export interface Journal extends BatchTerms {
  v: 1;
  /** Unlike that of any other batch. */
  id: string;
  /** When it began, RFC 3339. */
  started: string;
  /** The documents that it ends with. */
  formats: FormatName[];
  /** What of them its students may see. */
  policy: Policy;
  /** In the order of their names. */
  submissions: JournalEntry[];
}

/** What all submissions of a batch are graded by. Results are comparable where these are the same. */
export interface BatchTerms {
  /** The lab's id. */
  lab: string;
  /** SHA-256 of the lab's manifest and checks. */
  lab_hash: string;
  versions: GradeResult["versions"];
  engine: EngineName;
  /** Of all random inputs, the same for every submission. */
  seed: string;
  /** The network beneath all checks; null: a perfect wire. */
  netem: Ambient | null;
  /** The ids of the checks, in their order. */
  checks: string[];
  /** Whether those are all that the lab has. */
  whole: boolean;
  /** Seconds that a submission has; null: as many as it takes. */
  timeout: number | null;
  /** The image that programs run in, where it is not the submission that says so. */
  image: string | null;
}

/** A submission of a batch. */
export interface JournalEntry {
  name: string;
  /** Where it lies: an absolute path. */
  path: string;
  /** The one program that it is, where it is a file. */
  program?: string;
  /** Its folder's name in the batch's own. */
  file: string;
  /** Of what was handed in; null where it was rejected. */
  hash: string | null;
  /** Why it is not graded, in one line; null where it is. */
  rejected: string | null;
}

/** Returns the checks that a submission meets: those of all programs, or of the one that it is. */
export function checksFor<C extends Pick<Check, "program">>(
  { program }: Pick<JournalEntry, "program">,
  checks: readonly C[],
): readonly C[] {
  return program === undefined ? checks : checks.filter((check) => check.program === program);
}

/** Returns the text of `batch.json`. */
export function formatJournal(journal: Journal): string {
  return `${JSON.stringify(journal, null, 2)}\n`;
}

/**
 * Reads the text of `batch.json`.
 *
 * @throws {BatchError} Where it is none.
 */
export function parseJournal(text: string, path: string): Journal {
  let journal: Partial<Journal> | null = null;
  try {
    journal = JSON.parse(text) as Partial<Journal> | null;
  } catch {
    // Not ours: said below.
  }
  const whole = journal?.v === 1 && typeof journal.lab === "string" &&
    Array.isArray(journal.checks) && Array.isArray(journal.submissions);
  if (!whole) throw new BatchError(`Give --out another folder: ${path} tells of no batch`);
  return journal as Journal;
}

/** What terms are called by those who set them. */
const WORDS: Readonly<Record<keyof BatchTerms, string>> = {
  lab: "lab",
  lab_hash: "version of the lab's checks",
  versions: "version of Socklab or Deno",
  engine: "engine",
  seed: "seed",
  netem: "network",
  checks: "choice of checks",
  whole: "choice of checks",
  timeout: "timeout",
  image: "image",
};

/**
 * Returns why a batch cannot go on, in one line; null where it can.
 *
 * @param now What has been said or found out now, as far as anything has.
 */
export function unlikeTerms(journal: Journal, now: Partial<BatchTerms>): string | null {
  const terms = Object.keys(WORDS) as (keyof BatchTerms)[];
  const key = terms.find((term) =>
    now[term] !== undefined && JSON.stringify(now[term]) !== JSON.stringify(journal[term])
  );
  if (key === undefined) return null;
  const tells = key === "lab" || key === "engine" || key === "seed" || key === "timeout" ||
    key === "image";
  const values = tells ? ` (${journal[key] ?? "none"}, now ${now[key] ?? "none"})` : "";
  return `Leave out --resume to grade all anew: the batch began with another ${
    WORDS[key]
  }${values}`;
}

/**
 * Returns what has become of a batch's submissions that keeps it from going on, in one line; null where nothing has.
 *
 * @param now Those that are there now.
 */
export function unlikeEntries(
  { submissions }: Journal,
  now: readonly JournalEntry[],
): string | null {
  const found = new Map(now.map((entry) => [entry.file, entry]));
  for (const { file, name, hash } of submissions) {
    const entry = found.get(file);
    if (entry === undefined) return anew(name, "is not there any more");
    if (entry.hash !== hash) return anew(name, "has changed since the batch began");
    found.delete(file);
  }
  const [added] = found.values();
  return added === undefined ? null : anew(added.name, "was not there when the batch began");
}

function anew(name: string, why: string): string {
  return `Leave out --resume to grade all anew: ${shown(name)} ${why}`;
}
