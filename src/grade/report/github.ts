/**
 * GitHub Actions, for one submission: lines for a step's log, a summary of the job, and the result for the autograding
 * reporter. Checked against what GitHub publishes ("Workflow commands for GitHub Actions", the reporter's README), not at
 * GitHub. Pure.
 */
import { feedbackLines, pointCount } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import type { CheckResult } from "../result.ts";
import { githubData, githubProperty, githubText } from "./escape.ts";
import {
  failed,
  type Graded,
  notPassed,
  outcomeOf,
  pointsOf,
  reasonFor,
  undecided,
} from "./graded.ts";
import { submissionMarkdown } from "./markdown.ts";
import { checkCount, notStartedText, scoreText, undecidedText } from "./words.ts";

/** GitHub shows so many annotations of a kind for a step. */
const SHOWN = 10;

/**
 * Returns what a step prints. All that a stranger may have written stands where no workflow command is obeyed: between
 * `::stop-commands::` and a word that no program can have guessed.
 */
export function githubLog(graded: Graded, { token }: { token: () => string }): string {
  const { name, result } = graded;
  const head = result === null ? outcomeOf(graded) : `${result.lab}: ${scoreText(result)}`;
  const word = token();
  return [
    `::stop-commands::${word}`,
    ...[`${name}, ${head}`, ...told(graded)].map((line) => githubText(oneLine(line))),
    `::${word}::`,
    ...annotations(graded),
    "",
  ].join("\n");
}

/** Returns what is appended to the file named by `GITHUB_STEP_SUMMARY`. */
export function githubSummary(graded: Graded): string {
  return submissionMarkdown(graded);
}

/** Returns the value of `<RUNNER>_RESULTS` for the autograding reporter, on one line: base64 of JSON. */
export function githubResult(graded: Graded): string {
  const json = new TextEncoder().encode(JSON.stringify(reporterResult(graded)));
  return `${btoa(Array.from(json, (byte) => String.fromCharCode(byte)).join(""))}\n`;
}

function told(graded: Graded): string[] {
  const { result } = graded;
  if (result === null) return [reasonFor(graded)];
  const { ran, notStarted } = notPassed(result.checks);
  return [
    ...result.notes ?? [],
    ...notStarted.map(notStartedText),
    ...ran.flatMap((check) => ["", ...feedbackLines(check)]),
    "",
  ];
}

function annotations(graded: Graded): string[] {
  const { result } = graded;
  if (result === null) {
    const rejected = outcomeOf(graded) === "rejected";
    return [command(rejected ? "error" : "warning", "Not graded", reasonFor(graded))];
  }
  const open = undecidedText(result.checks);
  const { ran, notStarted } = notPassed(failed(result.checks));
  const shown = ran.slice(0, Math.max(0, SHOWN - notStarted.length - 1));
  const more = ran.slice(shown.length).map(({ id }) => id);
  return [
    command("notice", result.lab, `${scoreText(result)}, seed ${result.seed}`),
    ...open === null ? [] : [command("warning", "Not judged", open)],
    ...notStarted.map((one) => command("error", "Not started", notStartedText(one))),
    ...shown.map(({ id, title, message, points }) =>
      command("error", id, message ?? `0 of ${pointCount(points)}: ${title}`)
    ),
    ...more.length > 0
      ? [command("error", `${checkCount(more.length)} more`, more.join(", "))]
      : [],
  ];
}

function command(kind: "notice" | "warning" | "error", title: string, text: string): string {
  return `::${kind} title=${githubProperty(title)}::${githubData(oneLine(text))}`;
}

/** One test as the reporter reads it. */
interface ReporterTest {
  name: string;
  status: "pass" | "fail" | "error";
  /** A number even where there was no verdict. */
  score: number;
  message: string;
  test_code: "";
  filename: "";
  line_no: 0;
  execution_time: string;
}

/** What is reported has no place for points that are not judged: they are not in `max_score`, and the status is `error`. */
function reporterResult(graded: Graded) {
  const { result } = graded;
  if (result === null) {
    const status = outcomeOf(graded) === "rejected" ? "fail" : "error";
    const message = `Not graded: ${reasonFor(graded)}`;
    const test = reporterTest({ name: "It is graded", status, message });
    return { version: 1, status, max_score: 0, tests: [test] };
  }
  const { checks, max_score } = result;
  const open = undecided(checks);
  const status = open.length > 0 ? "error" : failed(checks).length > 0 ? "fail" : "pass";
  return {
    version: 1,
    status,
    max_score: max_score - pointsOf(open),
    tests: checks.map(checkTest),
  };
}

function checkTest(check: CheckResult): ReporterTest {
  const { id, title, verdict, score, seconds, message } = check;
  const judged = verdict === "pass" || verdict === "fail";
  return reporterTest({
    name: `${id}: ${title}`,
    status: judged ? verdict : "error",
    score,
    // Nobody wraps what the reporter prints: it must not begin as a command does.
    message: message === null ? "" : `${id}: ${message}`,
    execution_time: `${seconds.toFixed(3)}s`,
  });
}

function reporterTest(
  { name, status, score = 0, message, execution_time = "0s" }:
    & Pick<ReporterTest, "name" | "status" | "message">
    & Partial<ReporterTest>,
): ReporterTest {
  const safe = (text: string) => githubText(oneLine(text));
  return {
    ...{ name: safe(name), status, score, message: safe(message) },
    ...{ test_code: "", filename: "", line_no: 0, execution_time },
  };
}
