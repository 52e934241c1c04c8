/**
 * Checks: what they are, what they work with, and how they are run against a submission.
 * @module
 */
export {
  type Book,
  BookError,
  type CheckVerdict,
  compareLast,
  type Comparison,
  findBook,
  type GradesDocument,
  gradesJson,
  type NewRun,
  openBook,
  type PickName,
  pickRuns,
  type Run,
  type RunDifference,
  type RunFilter,
  type RunOrigin,
  runsCsv,
} from "./book/mod.ts";
export {
  type BatchEnd,
  BatchError,
  BatchFolder,
  batchStatus,
  type BatchTerms,
  type BatchWatch,
  checksFor,
  type Difference,
  differencesOf,
  type Ended,
  entriesOf,
  gradeBatch,
  graderFor,
  type Journal,
  type JournalEntry,
  labHash,
  parseJournal,
  unlikeEntries,
  unlikeTerms,
  writeWhole,
} from "./batch/mod.ts";
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
export {
  placeOf,
  type ProgramPlace,
  programsOf,
  requestOf,
  type SpecOptions,
  type Submission,
} from "./programs.ts";
export { type CheckResult, type Evidence, type GradeResult, statusOf } from "./result.ts";
export type { Ambient } from "./link_run.ts";
export { printable } from "./printable.ts";
export {
  type BatchFormat,
  failed,
  fitted,
  type FormatName,
  FORMATS,
  OPEN,
  parsePolicy,
  type Policy,
  shownBatch,
  type SubmissionFormat,
  text,
  textWidth,
  undecided,
} from "./report/mod.ts";
export { runChecks, type RunChecksOptions } from "./run_checks.ts";
export {
  findSubmissions,
  type FoundSubmission,
  type HandedIn,
  handedIn,
  isSubmission,
  RejectedError,
  SANDBOX_PLACE,
  shown,
  type Snapshot,
  takeSnapshot,
} from "./submission/mod.ts";
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
  letPass,
} from "./endings.ts";
export { Sessions, type SessionsOptions } from "./sessions.ts";
