/** Runs that tests make up. */
import type { Verdict } from "../check.ts";
import type { CheckResult } from "../result.ts";
import { openBook } from "./book.ts";
import type { NewRun, Run } from "./run.ts";

/** A check that came to this; it is worth 10 points. */
export function checkOf(id: string, verdict: Verdict): CheckResult {
  const failed = verdict !== "pass";
  return {
    id,
    title: `It does ${id}`,
    program: "server",
    points: 10,
    score: failed ? 0 : 10,
    verdict,
    seconds: 0.5,
    attempts: 1,
    message: failed ? "It does not" : null,
    expected: null,
    actual: null,
    steps: [{ what: "the server starts and listens", passed: true }],
    hint: "Look at it",
    evidence: failed ? { ladder: [], printed: ["Hello"], ended: null } : null,
  };
}

/** What differs from alice's first run of lab3, of which all checks passed but the one for ports. */
export type Changes = Partial<Omit<NewRun, "result">> & {
  /** Its checks' verdicts by their ids. */
  verdicts?: Record<string, Verdict>;
};

/** A run to be entered. */
export function newRun(changes: Changes = {}): NewRun {
  const { verdicts = { "every-byte": "pass", port: "fail" }, ...others } = changes;
  const checks = Object.entries(verdicts).map(([id, verdict]) => checkOf(id, verdict));
  const origin = {
    batch: "first",
    lab: "lab3",
    name: "alice",
    hash: "a".repeat(64),
    lab_hash: "b".repeat(64),
    seed: "18446744073709551615",
    versions: { socklab: "0.1.0", deno: "2.9.6" },
    whole: true,
    started: "2026-11-22T10:00:00.000Z",
    artifacts: "/out/lab3/grades/first",
    rejected: null,
    ...others,
  };
  const { lab, name, seed, versions, started, rejected } = origin;
  if (rejected !== null) return { ...origin, result: null };
  const sum = (key: "score" | "points") => checks.reduce((total, check) => total + check[key], 0);
  return {
    ...origin,
    result: {
      ...{ v: 1, lab, submission: name, seed, engine: "local", driver: "tun", versions, started },
      score: sum("score"),
      max_score: sum("points"),
      seconds: 2.5,
      checks,
    },
  };
}

/** Returns runs as a book lists them: each of a batch of its own, an hour after the one before. */
export function runsOf(...all: Changes[]): Run[] {
  using book = openBook(":memory:");
  for (const [hour, changes] of all.entries()) {
    const started = new Date(Date.UTC(2026, 10, 22, hour)).toISOString();
    book.add(newRun({ batch: `${hour}`, started, ...changes }));
  }
  return book.list();
}
