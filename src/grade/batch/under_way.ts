/** A submission that is being graded, as a result that is not whole yet. Pure. */
import type { Check } from "../check.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { errorResult } from "../run_check.ts";
import type { Journal, JournalEntry } from "./journal.ts";

/** Gathers what a submission's checks come to. */
export class UnderWay {
  readonly #journal: Journal;
  readonly #entry: JournalEntry;
  readonly #results: Map<string, CheckResult>;
  readonly #started = new Date();

  /** @param checks All that it meets, in their order. */
  constructor(journal: Journal, entry: JournalEntry, checks: readonly Check[]) {
    this.#journal = journal;
    this.#entry = entry;
    const yet = new Error("Grade again: it was not run yet");
    this.#results = new Map(checks.map((check) => [check.id, errorResult(check, yet)]));
  }

  /** Takes what a check has come to. */
  take(result: CheckResult): void {
    this.#results.set(result.id, result);
  }

  /** The result so far; checks that are still to come are errors in it, and cost no points. */
  get result(): GradeResult {
    const { lab, seed, engine, versions } = this.#journal;
    const checks = [...this.#results.values()];
    return {
      ...{ v: 1, lab, submission: this.#entry.name, seed, engine, driver: null, versions },
      ...(this.#entry.hash === null ? {} : { hash: this.#entry.hash }),
      score: checks.reduce((sum, { score }) => sum + score, 0),
      max_score: checks.reduce((sum, { points }) => sum + points, 0),
      started: this.#started.toISOString(),
      seconds: Math.round((Date.now() - this.#started.getTime()) / 1000),
      checks,
    };
  }
}
