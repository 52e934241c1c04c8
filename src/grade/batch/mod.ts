/**
 * Many submissions graded at once: the queue, what is kept of them, and how a batch goes on.
 * @module
 */
export { BatchError } from "./batch_error.ts";
export { BatchFolder } from "./batch_folder.ts";
export { batchStatus, type Ended } from "./ended.ts";
export {
  type BatchEnd,
  type BatchWatch,
  gradeBatch,
  type GradeBatchOptions,
} from "./grade_batch.ts";
export { entriesOf } from "./entries.ts";
export { graderFor, type GraderOptions } from "./graders.ts";
export type { Grader, Told } from "./grader.ts";
export {
  type BatchTerms,
  checksFor,
  type Journal,
  type JournalEntry,
  parseJournal,
  unlikeEntries,
  unlikeTerms,
} from "./journal.ts";
export { labHash } from "./lab_hash.ts";
export { type Difference, differencesOf } from "./replay.ts";
export { writeWhole } from "./write_whole.ts";
