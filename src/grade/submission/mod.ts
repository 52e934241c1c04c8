/**
 * What is handed in: found, read once into memory, and how its programs are started.
 * @module
 */
export { fileNameOf } from "./file_name.ts";
export {
  findSubmissions,
  type FoundSubmission,
  type FoundSubmissions,
  isSubmission,
} from "./find_submissions.ts";
export { type HandedIn, handedIn, type HandedInOptions } from "./handed_in.ts";
export { RejectedError } from "./rejected_error.ts";
export { SANDBOX_PLACE } from "./sandbox_place.ts";
export { shown } from "./shown.ts";
export { type Snapshot, type SnapshotFile, snapshotOf } from "./snapshot.ts";
export { parseSubmission, SUBMISSION_JSON, type SubmissionManifest } from "./submission_json.ts";
export type { SubmissionPlace } from "./way.ts";
export { LIMITS, type SnapshotLimits, takeSnapshot } from "./take_snapshot.ts";
export { privateCopy } from "./private_copy.ts";
