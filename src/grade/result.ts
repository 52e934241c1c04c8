/** What checks came to: the JSON that `lab check --json` prints, version 1; `result.schema.json` says it for others. */
import type { EngineName } from "../engine/mod.ts";
import type { Verdict } from "./check.ts";
import type { Ambient } from "./link_run.ts";
import type { Excerpt } from "./bytes_view.ts";
import type { StepRecord } from "./steps.ts";

/** What a check came to. */
export interface CheckResult {
  id: string;
  title: string;
  /** Which of the lab's programs it judged. */
  program: string;
  points: number;
  /** 0 or all points. */
  score: number;
  verdict: Verdict;
  seconds: number;
  /** How often it ran: more than once where a verdict was inconclusive. */
  attempts: number;
  /** Why it did not pass, in one line; null where it did. */
  message: string | null;
  expected: Excerpt | null;
  actual: Excerpt | null;
  /** The steps that came to an end. */
  steps: { what: string; passed: boolean }[];
  hint: string;
  evidence: Evidence | null;
}

/** What shows why a check did not pass. */
export interface Evidence {
  /** The packets of the exchange as a ladder, line by line; empty where there were none. */
  ladder: string[];
  /** The last lines that the program printed. */
  printed: string[];
  /** How the program ended, where it did so unasked. */
  ended: string | null;
}

/** What the checks of a submission came to. */
export interface GradeResult {
  v: 1;
  lab: string;
  submission: string;
  /** SHA-256 of what was handed in, where a copy of it was graded. */
  hash?: string;
  /** What was left out of it and why, a line each. */
  notes?: string[];
  /** Repeats the same random inputs. */
  seed: string;
  /** The network beneath all checks, where there was one. */
  netem?: Ambient;
  engine: EngineName | null;
  driver: string | null;
  versions: { socklab: string; deno: string };
  score: number;
  max_score: number;
  /** When the first check began, RFC 3339. */
  started: string;
  seconds: number;
  checks: CheckResult[];
}

/** Steps as results tell them. */
export function stepsOf(records: readonly StepRecord[]): CheckResult["steps"] {
  return records.map(({ what, state }) => ({ what, passed: state === "passed" }));
}

/** The exit status that belongs to verdicts: 0 all passed, 1 points lost, 3 some could not be judged. */
export function statusOf(checks: readonly Pick<CheckResult, "verdict">[]): number {
  const verdicts = new Set(checks.map(({ verdict }) => verdict));
  if (verdicts.has("error") || verdicts.has("inconclusive")) return 3;
  return verdicts.has("fail") ? 1 : 0;
}
