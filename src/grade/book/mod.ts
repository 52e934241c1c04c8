/**
 * The gradebook: every run that was ever graded, kept with what it was made with, so that one can be set against another.
 * @module
 */
export { type Book, findBook, openBook, type RunFilter } from "./book.ts";
export { BookError } from "./book_error.ts";
export { compareLast, type Comparison, type RunDifference } from "./compare.ts";
export { runsCsv } from "./csv.ts";
export { type GradesDocument, gradesJson } from "./json.ts";
export { type PickName, pickRuns } from "./one_each.ts";
export type { CheckVerdict, NewRun, Run, RunOrigin } from "./run.ts";
