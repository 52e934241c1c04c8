/** What a student reads of a check that did not pass. Pure. */
import { bytesLines, type Excerpt } from "./bytes_view.ts";
import type { CheckResult } from "./result.ts";

/** How feedback is painted; each returns its text unchanged where there are no colours. */
export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
}

/** No colours. */
export const PLAIN: Paint = {
  bold: (text) => text,
  dim: (text) => text,
  red: (text) => text,
  green: (text) => text,
  yellow: (text) => text,
};

/** Returns the feedback of a check, line by line. */
export function feedbackLines(result: CheckResult, paint: Paint = PLAIN): string[] {
  const { evidence, hint } = result;
  const indent = (lines: readonly string[], by = "  ") => lines.map((line) => `${by}${line}`);
  const lines = [headline(result, paint), ...indent(statement(result, paint))];
  if (evidence !== null) {
    if (evidence.ended !== null) lines.push(`    ${paint.red(evidence.ended)}`);
    if (evidence.ladder.length > 0) {
      lines.push("", `  ${paint.bold("On the wire")}`, ...indent(evidence.ladder));
    }
    if (evidence.printed.length > 0) {
      lines.push("", `  ${paint.bold("The program printed last")}`);
      lines.push(...indent(evidence.printed, "    | "));
    }
  }
  if (result.verdict === "fail" && hint !== "") lines.push("", `  ${paint.bold("Hint:")} ${hint}`);
  return lines.map((line) => line.trimEnd());
}

/** `1 point`, `5 points`. */
export function pointCount(points: number): string {
  return `${points} ${points === 1 ? "point" : "points"}`;
}

function headline({ id, title, verdict, points }: CheckResult, paint: Paint): string {
  const mark = verdict === "fail" ? paint.red("✗") : paint.yellow("?");
  const lost = verdict === "fail" ? `0 of ${pointCount(points)}` : verdict;
  return `${mark} ${paint.bold(id)}: ${title} (${lost})`;
}

/** Steps, message and bytes: what does not change from run to run. */
function statement({ steps, message, expected, actual }: CheckResult, paint: Paint): string[] {
  const lines = steps.map(({ what, passed }) =>
    passed ? `${paint.green("✓")} ${what}` : `${paint.red("✗")} ${what}`
  );
  if (message !== null) lines.push(`  ${message}`);
  return [...lines, ...bytesOf(expected, actual).map((line) => `    ${line}`)];
}

function bytesOf(expected: Excerpt | null, actual: Excerpt | null): string[] {
  if (!expected?.length && !actual?.length) return [];
  const nothing = { length: 0, from: 0, text: "" };
  if (expected === null) return bytesLines(actual!, actual!).slice(1, 2);
  return bytesLines(expected, actual ?? nothing);
}

/**
 * Returns the part of the feedback that is the same in every run, for the record of a wrong program: without the packets,
 * with addresses, ports and times taken out.
 */
export function recordedLines(result: CheckResult): string[] {
  const { evidence, hint } = result;
  const ended = evidence?.ended ?? null;
  return [...statement(result, PLAIN), ...(ended === null ? [] : [`  ${ended}`]), `Hint: ${hint}`]
    .map((line) =>
      line.trimEnd()
        .replace(/(?<!\d)\d+\.\d+\.\d+\.\d+(:\d+)?/g, "ADDRESS")
        .replace(/\/[^\s:]*\//g, "")
        .replace(/\b[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4}\b/g, "DATE")
        .replace(/…[A-Za-z]* *[ \d]?\d? ?\d\d:\d\d:\d\d \d{4}\b/g, "…DATE")
        .replace(/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?/g, "DATE")
        // How much of the bytes is shown depends on the address's length.
        .replace(/^( +(?:expected|came) .*?ADDRESS).*/, "$1 …")
    );
}
