/** The formats that `--format` names: of what each is, which files it makes, what writes them. */
import type { Graded, GradedBatch } from "./graded.ts";
import { json } from "./json.ts";

/** What documents need besides results. */
export interface ReportContext {
  /** The environment: where a vendor's runner tells what it knows. */
  env: (name: string) => string | undefined;
  /** The moment of writing. */
  now: Date;
  /** Returns a word of letters and digits that no program can have guessed, another one each time. */
  token: () => string;
}

/** A document that holds all submissions. */
export interface BatchFormat {
  of: "batch";
  /** What it is for, in a few words. */
  about: string;
  /** What writes each file, by its path below the batch's folder. */
  files: Readonly<Record<string, (batch: GradedBatch, context: ReportContext) => string>>;
}

/** A document of one submission. */
export interface SubmissionFormat {
  of: "submission";
  /** What it is for, in a few words. */
  about: string;
  /** Whether its files are written anew after each check, for who reads them even if grading never comes to an end. */
  early?: boolean;
  /**
   * What writes each file, by its path below the submission's folder. A result that is not whole yet has the checks to
   * come as errors, so that none of them costs points.
   *
   * @throws {ReportRefused} Where the format has no honest way to say what is.
   */
  files: Readonly<Record<string, (one: Graded, context: ReportContext) => string>>;
}

/** A format has no honest way to say what is; the message says what to do. */
export class ReportRefused extends Error {
  override name = "ReportRefused";
}

/** The formats by their names. */
export const FORMATS = {
  json: { of: "batch", about: "everything, for programs", files: { "results.json": json } },
} as const satisfies Readonly<Record<string, BatchFormat | SubmissionFormat>>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;
