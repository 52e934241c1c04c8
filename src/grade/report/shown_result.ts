/** Results as a policy lets students see them. Pure. */
import type { CheckResult, GradeResult } from "../result.ts";
import type { Graded, GradedBatch } from "./graded.ts";
import type { Policy } from "./policy.ts";

/** Returns a batch as its students may see it. */
export function shownBatch(batch: GradedBatch, policy: Policy): GradedBatch {
  return { ...batch, submissions: batch.submissions.map((one) => shownGraded(one, policy)) };
}

/** Returns a submission as its student may see it. */
export function shownGraded(graded: Graded, policy: Policy): Graded {
  const { result } = graded;
  return result === null ? graded : { ...graded, result: shownResult(result, policy) };
}

/**
 * Returns a result as its student may see it. Hidden checks come last, without a name: where one stood between others would
 * tell which it is. Scores stay as they are, and so does the seed: who has the checks can see what they expect, and without
 * them it tells nothing.
 */
export function shownResult(result: GradeResult, policy: Policy): GradeResult {
  const showOf = ({ id }: CheckResult) =>
    Object.hasOwn(policy.checks, id) ? policy.checks[id]! : policy.show;
  const named = result.checks.filter((check) => showOf(check) !== "hidden");
  const hidden = result.checks.filter((check) => showOf(check) === "hidden");
  return {
    ...result,
    checks: [
      ...named.map((check) => showOf(check) === "full" ? check : brief(check)),
      ...hidden.map((check, index) => nameless(check, index + 1)),
    ],
  };
}

function brief(check: CheckResult): CheckResult {
  // Where nothing was started, what is said is of the folder alone: a file that is missing.
  const message = check.verdict === "fail" && check.attempts === 0 ? check.message : null;
  return { ...check, message, expected: null, actual: null, steps: [], evidence: null };
}

function nameless(check: CheckResult, number: number): CheckResult {
  const told = { id: `hidden-${number}`, title: "A check that is not shown", hint: "", seconds: 0 };
  return { ...brief(check), ...told, message: null, attempts: 1 };
}
