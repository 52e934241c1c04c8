/** `lab grade`: many submissions against a lab's checks. */
import { ambientOptions } from "./ambient_options.ts";
import { ENGINES } from "./engine_choice.ts";
import { defineVerb } from "./verb.ts";

/** The names of `FORMATS`, in the room of checks: help alone need not load that. */
const FORMAT_NAMES = [
  ...["text", "markdown", "csv", "json", "junit", "tap"] as const,
  ...["gradescope", "github", "classroom50"] as const,
];

export const verb = defineVerb({
  name: "grade",
  summary: "Grade submissions against a lab's checks",
  description: "A PATH is one submission (a folder with programs of the lab's names or with a\n" +
    "submission.json, or one program's file) or a folder of submissions. Each gets\n" +
    "its own result.json in the folder of the batch; a batch that was interrupted goes\n" +
    "on with --resume. In containers a submission can neither leave nor harm anything.\n" +
    "Exit status: 0 all points, 1 points lost, 2 a submission could not be taken, 3\n" +
    "something could not be judged.",
  positionals: [
    { name: "LAB", help: "The lab, such as lab3", completes: "lab" },
    {
      name: "PATH",
      help: "Submissions, or folders of submissions",
      optional: true,
      multiple: true,
      completes: "file",
    },
  ],
  options: {
    format: {
      type: "string",
      placeholder: "FORMAT",
      choices: FORMAT_NAMES,
      multiple: true,
      help: "A document beside the results (default: json)",
    },
    out: {
      type: "string",
      placeholder: "DIR",
      completes: "folder",
      help: "The folder of the batch (default: a new one in out/LAB/grades)",
    },
    jobs: {
      type: "number",
      placeholder: "N",
      integer: true,
      min: 1,
      help: "How many are graded at a time (default: two for each processor)",
    },
    only: {
      type: "string",
      placeholder: "CHECK",
      multiple: true,
      help: "Only this check",
    },
    seed: {
      type: "string",
      placeholder: "N",
      help: "The same seed gives the same random inputs; without one, it is drawn and told",
    },
    ...ambientOptions,
    timeout: {
      type: "number",
      placeholder: "S",
      min: 1,
      max: 86_400,
      help: "Seconds for each submission; what is not judged by then costs no points",
    },
    resume: { type: "boolean", help: "Go on with the batch in --out, or with the lab's latest" },
    replay: {
      type: "string",
      placeholder: "RESULT",
      completes: "file",
      help: "Grade the submission of this result.json again with the same inputs, and compare",
    },
    image: {
      type: "string",
      placeholder: "NAME",
      help: "The image that all programs run in, on Docker (default: what each submission needs)",
    },
    policy: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "What of each check is shown: JSON, see docs/grading.md",
    },
    book: {
      type: "string",
      placeholder: "FILE",
      completes: "file",
      help: "The gradebook, or none (default: LAB_GRADES, else out/grades.sqlite)",
    },
    engine: {
      type: "string",
      placeholder: "ENGINE",
      choices: ENGINES,
      help: "Where programs run (default: LAB_ENGINE, else auto: Docker where it answers)",
    },
    trust: {
      type: "boolean",
      help: "Allow the local engine, where programs run as you and with your files",
    },
    json: { type: "boolean", help: "Only the results as JSON, on standard output" },
  },
  examples: [
    { line: "./lab grade lab3 submissions", help: "Each folder in submissions" },
    { line: "./lab grade lab3 my-lab3 --format junit", help: "One, with a document for CI" },
    { line: "./lab grade lab3 --resume", help: "Go on where the last batch was interrupted" },
    {
      line: "./lab grade lab3 --replay out/lab3/grades/BATCH/submissions/anna/result.json",
      help: "The same run again",
    },
  ],
  async run(context) {
    const { gradeLab } = await import("./grade_lab.ts");
    return await gradeLab(context);
  },
});
