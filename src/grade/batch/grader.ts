/** Who grades the submissions of a batch. */
import type { Check } from "../check.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import type { JournalEntry } from "./journal.ts";

/** Hears how the grading of a submission goes. */
export interface Told {
  /** A check begins; `index` counts from 0. */
  onCheck?: (check: Check, index: number) => void;
  /** A check has ended. */
  onResult?: (result: CheckResult) => void;
}

/** Grades submissions, one after the other. Disposing ends what it holds for the next. */
export interface Grader extends AsyncDisposable {
  /** Makes sure that anything can be graded here. @throws {MachineError} Where nothing can. */
  ready(): Promise<void>;
  /**
   * Grades one.
   *
   * @throws {RejectedError} Where the submission is at fault.
   * @throws The signal's reason, once nothing of it runs any more.
   */
  grade(entry: JournalEntry, told: Told, signal: AbortSignal): Promise<GradeResult>;
}
