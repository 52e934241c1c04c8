/**
 * What submissions came to, as documents: for people, for CI, for vendors. Pure functions from results to text.
 * @module
 */
export { FORMATS } from "./formats.ts";
export type { BatchFormat, FormatName, ReportContext, SubmissionFormat } from "./formats.ts";
export { failed, outcomeOf, pointsOf, undecided } from "./graded.ts";
export type { Graded, GradedBatch, Outcome } from "./graded.ts";
export type { BatchDocument } from "./json.ts";
export { OPEN, parsePolicy } from "./policy.ts";
export type { Policy, Show } from "./policy.ts";
export { PolicyError } from "./policy_error.ts";
export { ReportRefused } from "./refused.ts";
export { shownBatch, shownGraded } from "./shown_result.ts";
export { text, type TextOptions } from "./text.ts";
export { fitted, textWidth } from "./text_width.ts";
