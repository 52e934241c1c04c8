/** `lab grades`: the gradebook, listed, compared, exported. */
import { defineVerb } from "./verb.ts";

export const verb = defineVerb({
  name: "grades",
  summary: "Show, compare and export what submissions were graded",
  description: "./lab grade enters every run into the gradebook, with its seed, versions and\n" +
    "whole result: nothing is ever taken out. --latest, --best, --compare and CSV\n" +
    "look at runs of all checks only, and pick one of each submission of a lab.\n" +
    "Points not judged are neither won nor lost: grade again before you publish.\n" +
    "\n" +
    "For an LMS: name the folders of submissions by what it calls students (user\n" +
    "name, ID number, e-mail), export one lab with --format csv, and map the column\n" +
    "submission to that identifier and score to the grade. The columns: submission,\n" +
    "outcome (graded or rejected), score, max_score, not_judged_points, failed,\n" +
    "not_judged, reason, lab, seed, engine, started, seconds, run. A name that a\n" +
    "spreadsheet would compute has an apostrophe before it.\n" +
    "\n" +
    "The book is SQLite: sqlite3 out/grades.sqlite 'SELECT submission, score FROM runs'.",
  positionals: [
    {
      name: "SUBMISSION",
      help: "Only runs of submissions of this name, as --submission",
      optional: true,
      multiple: true,
    },
  ],
  options: {
    lab: { type: "string", placeholder: "LAB", completes: "lab", help: "Only runs of this lab" },
    submission: {
      type: "string",
      placeholder: "NAME",
      multiple: true,
      help: "Only runs of this submission",
    },
    since: {
      type: "string",
      placeholder: "TIME",
      help:
        "Only runs since then: 2026-11-22, '2026-11-22 14:30', or so long ago: 90m, 12h, 7d, 2w",
    },
    latest: { type: "boolean", help: "Only the last run of each submission" },
    best: { type: "boolean", help: "Only the run of each submission with the most points" },
    limit: {
      type: "number",
      placeholder: "N",
      integer: true,
      min: 1,
      help: "At most so many, the newest (default: 50 of a table of all runs)",
    },
    run: {
      type: "number",
      placeholder: "ID",
      integer: true,
      min: 1,
      help: "This run again, with all its feedback",
    },
    compare: {
      type: "boolean",
      help:
        "Which submissions came to something else in the last of their runs than in the one before",
    },
    format: {
      type: "string",
      placeholder: "FORMAT",
      choices: ["csv", "json"],
      help: "Export; csv is of the last run of each submission, or of the best with --best",
    },
    json: { type: "boolean", help: "The same as --format json" },
    out: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "Where an export goes (default: standard output)",
    },
    book: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "The gradebook (default: LAB_GRADES, else out/grades.sqlite)",
    },
  },
  examples: [
    { line: "./lab grades", help: "The last runs, the newest first" },
    { line: "./lab grades alice --lab lab3", help: "All that alice handed in for lab3" },
    { line: "./lab grades --run 12", help: "The feedback of run 12 again" },
    { line: "./lab grades --lab lab3 --compare", help: "What grading lab3 again has changed" },
    {
      line: "./lab grades --lab lab3 --best --format csv --out lab3.csv",
      help: "The best of each submission, for an LMS",
    },
  ],
  async run(context) {
    const { showGrades } = await import("./grades_show.ts");
    return await showGrades(context);
  },
});
