/**
 * Classroom 50's `result.json`, version `classroom50/result/v1`. Checked against the schema that Classroom 50 publishes
 * (`classroom50.schema.json`) and its page "Advanced Autograding", not at Classroom 50. Pure.
 *
 * The format has no third word beside passed and not passed. So there is no document where a check came to no verdict:
 * an autograder that leaves none is reported as broken and run again, while a wrong score would be published.
 *
 * The runner of Classroom 50 adds the owner, the type of assignment and the times of submission and grading itself.
 */
import { oneLine } from "../printable.ts";
import type { GradeResult } from "../result.ts";
import { type Graded, outcomeOf, reasonFor } from "./graded.ts";
import { ReportRefused } from "./refused.ts";
import { undecidedText } from "./words.ts";

/** What the runner tells in the environment, and the format cannot do without. */
export const CLASSROOM50_NEEDS = [
  ...["CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL"],
] as const;

/** One test as Classroom 50 has it. */
interface Classroom50Test {
  "test-name": string;
  passed: boolean;
  score: number;
  "max-score": number;
}

/** Returns the document. @throws {ReportRefused} Where a check came to no verdict, or the environment does not tell. */
export function classroom50(
  graded: Graded,
  { env, now }: { env: (name: string) => string | undefined; now: Date },
): string {
  const tests = testsOf(graded);
  const told = (name: typeof CLASSROOM50_NEEDS[number]): string => {
    const value = env(name);
    if (value) return value;
    throw new ReportRefused(`Set ${name}, as the runner of Classroom 50 does`);
  };
  const sum = (key: "score" | "max-score") => tests.reduce((total, one) => total + one[key], 0);
  const document = {
    schema: "classroom50/result/v1",
    classroom: told("CLASSROOM"),
    assignment: told("ASSIGNMENT"),
    submission: told("SUBMISSION_TAG"),
    commit: told("COMMIT_URL"),
    release: told("RELEASE_URL"),
    review: env("REVIEW_URL") || told("COMMIT_URL"),
    datetime: now.toISOString().replace(/\.\d+Z$/, "Z"),
    score: sum("score"),
    "max-score": sum("max-score"),
    tests,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function testsOf(graded: Graded): Classroom50Test[] {
  const { result } = graded;
  if (result !== null) return result.checks.length > 0 ? checksOf(result) : [];
  if (outcomeOf(graded) === "unfinished") throw new ReportRefused(reasonFor(graded));
  // What it would have been graded by is not known here: no points, and a test that says why.
  const name = oneLine(`Not graded. ${reasonFor(graded)}`);
  return [{ "test-name": name, passed: false, score: 0, "max-score": 0 }];
}

function checksOf({ checks }: GradeResult): Classroom50Test[] {
  const open = undecidedText(checks);
  if (open !== null) throw new ReportRefused(open);
  return checks.map(({ id, title, verdict, score, points }) => ({
    "test-name": oneLine(`${id}: ${title}`),
    passed: verdict === "pass",
    score,
    "max-score": points,
  }));
}
