/**
 * What submissions came to, as documents: for people, for CI, for vendors. Pure functions from results to text.
 * @module
 */
export { FORMATS, ReportRefused } from "./formats.ts";
export type { BatchFormat, FormatName, ReportContext, SubmissionFormat } from "./formats.ts";
export { failed, outcomeOf, pointsOf, undecided } from "./graded.ts";
export type { Graded, GradedBatch, Outcome } from "./graded.ts";
export type { BatchDocument } from "./json.ts";
