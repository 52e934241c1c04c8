/** The formats that `--format` names: of what each is, which files it makes, what writes them. */
import { classroom50, CLASSROOM50_NEEDS } from "./classroom50.ts";
import { csv } from "./csv.ts";
import { githubLog } from "./github_log.ts";
import { githubOutputs } from "./github_outputs.ts";
import { githubResult } from "./github_result.ts";
import type { Graded, GradedBatch } from "./graded.ts";
import { gradescope } from "./gradescope.ts";
import { json } from "./json.ts";
import { junit } from "./junit.ts";
import { markdown, submissionMarkdown } from "./markdown.ts";
import { tap } from "./tap.ts";
import { text } from "./text.ts";

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
  /** Variables of the environment that it cannot do without: look before anything is graded. */
  needs?: readonly string[];
  /**
   * What writes each file, by its path below the submission's folder. A result that is not whole yet has the checks to
   * come as errors, so that none of them costs points.
   *
   * @throws {ReportRefused} Where the format has no honest way to say what is.
   */
  files: Readonly<Record<string, (one: Graded, context: ReportContext) => string>>;
}

/** The formats by their names. */
export const FORMATS = {
  text: {
    of: "batch",
    about: "a table for a terminal",
    files: { "results.txt": (batch) => text(batch) },
  },
  markdown: {
    of: "batch",
    about: "a table with folded feedback, for GitHub and GitLab",
    files: { "results.md": markdown },
  },
  csv: {
    of: "batch",
    about: "a row for each submission, for a spreadsheet or an LMS",
    files: { "results.csv": csv },
  },
  json: { of: "batch", about: "everything, for programs", files: { "results.json": json } },
  junit: {
    of: "batch",
    about: "XML that CI services read",
    files: { "junit.xml": junit },
  },
  tap: {
    of: "batch",
    about: "the Test Anything Protocol, version 14",
    files: { "results.tap": tap },
  },
  gradescope: {
    of: "submission",
    about: "Gradescope's results.json",
    early: true,
    files: { "gradescope/results.json": gradescope },
  },
  github: {
    of: "submission",
    about:
      "a step of GitHub Actions: its log, summary and outputs, a result for the autograding reporter",
    files: {
      "github/log.txt": githubLog,
      "github/summary.md": submissionMarkdown,
      "github/outputs.txt": githubOutputs,
      "github/result.txt": githubResult,
    },
  },
  classroom50: {
    of: "submission",
    about: "Classroom 50's result.json and release-body.md",
    needs: CLASSROOM50_NEEDS,
    files: {
      "classroom50/result.json": classroom50,
      "classroom50/release-body.md": submissionMarkdown,
    },
  },
} as const satisfies Readonly<Record<string, BatchFormat | SubmissionFormat>>;

/** The name of a format. */
export type FormatName = keyof typeof FORMATS;
