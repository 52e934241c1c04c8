/**
 * Checks: what they are, what they work with, and how they are run against a submission.
 * @module
 */
export {
  best,
  type Book,
  BookError,
  type CheckVerdict,
  compareLast,
  type Comparison,
  comparisonJson,
  type Difference,
  findBook,
  latest,
  type NewRun,
  openBook,
  type Run,
  type RunFilter,
  type RunOrigin,
  runsJson,
} from "./book/mod.ts";
export { defineChecks } from "./check.ts";
export type {
  Bench,
  Bytes,
  Check,
  ClientOptions,
  Datagram,
  Datagrams,
  Listener,
  Random,
  ServerOptions,
  StartOptions,
  Stream,
  TestedClient,
  TestedProgram,
  Verdict,
} from "./check.ts";
export { type DateReading, readDates } from "./date_text.ts";
export { feedbackLines, type Paint, pointCount, recordedLines } from "./feedback.ts";
export type { JudgedLogs } from "./judged_logs.ts";
export { placeOf, type ProgramPlace, type SpecOptions, type Submission } from "./programs.ts";
export { type CheckResult, type Evidence, type GradeResult, statusOf } from "./result.ts";
export { runChecks, type RunChecksOptions } from "./run_checks.ts";
export {
  checkClientStops,
  checkDatagramServerStops,
  checkPort,
  checkStops,
  checkUnknownHost,
  expectExit,
  expectFailure,
  expectPortFree,
  letEnd,
} from "./endings.ts";
export { Sessions, type SessionsOptions } from "./sessions.ts";
