/**
 * TAP, version 14 (testanything.org): a subtest for each submission, a test point for each check. Pure.
 *
 * TAP knows two words, and no verdict is neither: `ok` would read as passed, `not ok` as the program's failure, and
 * `SKIP` counts as passed. So such a check is `not ok … # TODO`, which harnesses list and count as neither. They do not
 * fail for it either; hence a last test point of the grader's own: that every check came to a verdict.
 */
import { feedbackLines } from "../feedback.ts";
import { oneLine } from "../printable.ts";
import type { CheckResult } from "../result.ts";
import { tapText } from "./escape.ts";
import { failed, type Graded, type GradedBatch, reasonFor, undecided } from "./graded.ts";
import { undecidedText } from "./words.ts";

/** Returns the document. */
export function tap({ lab, title, seed, submissions }: GradedBatch): string {
  return [
    "TAP version 14",
    `# ${tapText(`${lab}, ${title}: seed ${seed}`)}`,
    `1..${submissions.length + 1}`,
    ...submissions.flatMap(subtest),
    ...whole(submissions),
    "",
  ].join("\n");
}

type Facts = Readonly<Record<string, string | number | readonly string[]>>;

function subtest(graded: Graded, index: number): string[] {
  const { name, result, rejected } = graded;
  const number = index + 1;
  if (result === null) {
    const todo = rejected === null ? "not graded to its end" : null;
    return point({ number, ok: false, what: name, todo, facts: { reason: reasonFor(graded) } });
  }
  const { checks, score, max_score, seconds } = result;
  const lost = failed(checks).length > 0, open = undecided(checks);
  const todo = !lost && open.length > 0 ? `${open.length} without a verdict` : null;
  const lines = [`1..${checks.length}`, ...checks.flatMap(checkPoint)];
  const ok = !lost && open.length === 0;
  return [
    `# Subtest: ${tapText(name)}`,
    ...lines.map((line) => `    ${line}`),
    ...point({ number, ok, what: name, todo, facts: { score, max_score, seconds } }),
  ];
}

function checkPoint(check: CheckResult, index: number): string[] {
  const { id, title, verdict, points, score } = check;
  const named = { number: index + 1, ok: verdict === "pass", what: `${id}: ${title}` };
  if (verdict === "pass") return point({ ...named, facts: { verdict, points, score } });
  const feedback = feedbackLines(check);
  if (verdict === "fail") {
    return point({ ...named, facts: { verdict, points, score, feedback } });
  }
  return point({ ...named, todo: `no verdict (${verdict})`, facts: { verdict, points, feedback } });
}

/** What the grader says of itself. */
function whole(submissions: readonly Graded[]): string[] {
  const open = submissions.flatMap((one) => {
    const why = one.result !== null
      ? undecidedText(one.result.checks)
      : one.rejected === null
      ? reasonFor(one)
      : null;
    return why === null ? [] : [`${one.name.trim()}: ${why}`];
  });
  return point({
    number: submissions.length + 1,
    ok: open.length === 0,
    what: "every check came to a verdict",
    facts: open.length === 0 ? {} : { grade_again: open },
  });
}

/**
 * A line, and below it what a reader of YAML finds. Of lines of text the first has no space in front, and none is empty:
 * Perl's harness does not read those.
 */
function point({ number, ok, what, todo = null, facts }: {
  number: number;
  ok: boolean;
  what: string;
  todo?: string | null;
  facts: Facts;
}): string[] {
  const directive = todo === null ? "" : ` # TODO ${tapText(todo)}`;
  const line = `${ok ? "ok" : "not ok"} ${number} - ${tapText(what)}${directive}`;
  const yaml = Object.entries(facts).flatMap(([name, value]) =>
    typeof value === "object"
      ? [
        `  ${name}: |`,
        ...value.filter((line) => line.trim() !== "").map((line) => `    ${oneLine(line)}`),
      ]
      // A text of JSON is one of YAML, too.
      : [`  ${name}: ${JSON.stringify(typeof value === "number" ? value : oneLine(value))}`]
  );
  return yaml.length === 0 ? [line] : [line, "  ---", ...yaml, "  ..."];
}
