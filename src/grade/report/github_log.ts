/**
 * The log of a step of GitHub Actions, for one submission. Checked against what GitHub publishes ("Workflow commands for
 * GitHub Actions"), not at GitHub. Pure.
 */
import { feedbackLines, pointCount } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import { githubData, githubProperty, githubText } from "./escape.ts";
import { failed, type Graded, notPassed, outcomeOf, reasonFor } from "./graded.ts";
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
