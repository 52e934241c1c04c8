/**
 * What GitHub's autograding reporter reads of one submission. Checked against what is published of the reporter, not at
 * GitHub. Pure.
 */
import { oneLine } from "../printable.ts";
import type { CheckResult } from "../result.ts";
import { githubText } from "./escape.ts";
import { failed, type Graded, outcomeOf, pointsOf, reasonFor, undecided } from "./graded.ts";

/** Returns the value of `<RUNNER>_RESULTS` for the autograding reporter, on one line: base64 of JSON. */
export function githubResult(graded: Graded): string {
  const json = new TextEncoder().encode(JSON.stringify(reporterResult(graded)));
  return `${btoa(Array.from(json, (byte) => String.fromCharCode(byte)).join(""))}\n`;
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
