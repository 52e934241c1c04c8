/** A batch that tests make up. */
import type { Check } from "../check.ts";
import { OPEN } from "../report/mod.ts";
import type { GradeResult } from "../result.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/** Two checks; what they do is the test's. */
export const CHECKS: readonly Check[] = ["echo", "stops"].map((id) => ({
  ...{ id, title: `It ${id}`, points: 50, program: "server", hint: "Look" },
  run: () => Promise.resolve(),
}));

/** A submission of this name that can be graded. */
export function entryOf(name: string): JournalEntry {
  return { name, path: `/handed-in/${name}`, file: name, hash: name.repeat(8), rejected: null };
}

/** A batch of submissions of these names. */
export function journalOf(...names: string[]): Journal {
  return {
    ...{ v: 1, id: "id", started: "2026-01-01T00:00:00.000Z" },
    ...{ lab: "lab1", lab_hash: "hash", versions: { socklab: "1.2.3", deno: "2.0.0" } },
    ...{ engine: "local", seed: "7", netem: null, checks: CHECKS.map(({ id }) => id) },
    ...{ timeout: null, image: null, whole: true },
    ...{ formats: ["json"], policy: OPEN, submissions: names.map(entryOf) },
  };
}

/** What a submission comes to that passes all. */
export function resultOf(journal: Journal, { name, hash }: JournalEntry): GradeResult {
  const { lab, seed, engine, versions, started } = journal;
  return {
    ...{ v: 1, lab, seed, engine, driver: "tun", versions, started, submission: name, hash: hash! },
    ...{ score: 100, max_score: 100, seconds: 1 },
    checks: CHECKS.map(({ id, title, program, points, hint }) => ({
      ...{ id, title, program, points, hint, score: points, verdict: "pass", seconds: 0.5 },
      ...{ attempts: 1, message: null, expected: null, actual: null, steps: [], evidence: null },
    })),
  };
}
