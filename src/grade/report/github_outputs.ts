/** Outputs of a step of GitHub Actions, for one submission. Pure. */
import { type Graded, outcomeOf, pointsOf, undecided } from "./graded.ts";

/** Returns what is appended to the file named by `GITHUB_OUTPUT`: numbers, and no word that a stranger wrote. */
export function githubOutputs(graded: Graded): string {
  const { result } = graded;
  const points = result === null ? {} : {
    ...{ score: result.score, "max-score": result.max_score },
    "not-judged": pointsOf(undecided(result.checks)),
  };
  const values = Object.entries({ outcome: outcomeOf(graded), ...points });
  return values.map(([name, value]) => `${name}=${value}\n`).join("");
}
