/** What a user sees of `lab check`. */
import {
  type Check,
  type CheckResult,
  feedbackLines,
  type GradeResult,
  pointCount,
} from "../src/grade/mod.ts";
import type { LabManifest } from "../src/lab/mod.ts";
import type { Output } from "./verb.ts";

/** Feedback that is shown unless all is asked for. */
const SHOWN = 3;

/** What the report is of. */
export interface CheckReportOptions {
  lab: Pick<LabManifest, "id" | "title">;
  checks: readonly Pick<Check, "title">[];
  values: { json: boolean; all: boolean };
  seed: bigint;
}

/** How long the rest may take, in whole seconds, by what the checks before took; null where none has ended. */
export function secondsLeft(spentMs: number, done: number, all: number): number | null {
  return done === 0 ? null : Math.ceil(spentMs / 1000 / done * (all - done));
}

/** Tells of checks as they run, and what they came to. */
export class CheckReport {
  readonly #output: Output;
  readonly #options: CheckReportOptions;
  readonly #began = performance.now();
  readonly #failed: CheckResult[] = [];
  #progress = false;
  #redraw: ReturnType<typeof setInterval> | undefined;

  constructor(output: Output, options: CheckReportOptions) {
    this.#output = output;
    this.#options = options;
    const { lab, checks, values, seed } = options;
    if (values.json) return;
    const { style } = output;
    const count = checks.length === 1 ? "1 check" : `${checks.length} checks`;
    output.out(`${style.bold(`${lab.id}, ${lab.title}`)}: ${count}, seed ${seed}\n\n`);
  }

  /** A line about the set-up; the line of progress comes again below it. */
  notice(line: string): void {
    this.#erase();
    this.#output.err(`lab: ${line}\n`);
  }

  /** A check begins: on a terminal, which one, how far and how long still, each second anew. */
  begin({ title }: Pick<Check, "title">, index: number): void {
    const { isTerminal } = this.#output;
    if (!isTerminal || this.#options.values.json) return;
    const draw = () => this.#draw(title, index);
    draw();
    this.#redraw = setInterval(draw, 1000);
    Deno.unrefTimer(this.#redraw as unknown as number);
  }

  #draw(title: string, index: number): void {
    const { columns, style } = this.#output;
    const { length } = this.#options.checks;
    const left = secondsLeft(performance.now() - this.#began, index, length);
    const text = `  ${index + 1}/${length}${
      left === null ? "" : `, about ${left} s left`
    }: ${title}`;
    const line = text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
    this.#output.out(`${this.#progress ? "\r\x1b[K" : ""}${style.dim(line)}`);
    this.#progress = true;
  }

  /** A check has ended: a line says what it came to. */
  result(result: CheckResult): void {
    if (result.verdict !== "pass") this.#failed.push(result);
    if (this.#options.values.json) return;
    this.clear();
    const { style } = this.#output;
    const marks = {
      pass: style.green("✓"),
      fail: style.red("✗"),
      inconclusive: style.yellow("?"),
      error: style.yellow("!"),
    };
    const { verdict, title, points, score } = result;
    const got = verdict === "pass" || verdict === "fail"
      ? `${String(score).padStart(3)}/${points}`
      : verdict;
    this.#output.out(
      `${marks[verdict]} ${got.padEnd(7)} ${title} ${style.dim(`(${result.id})`)}\n`,
    );
  }

  /** All have ended: feedback and score or, with `--json`, the result alone. */
  end(result: GradeResult): void {
    const { values } = this.#options;
    const { style } = this.#output;
    const out = (text: string) => this.#output.out(text);
    if (values.json) return out(`${JSON.stringify(result, null, 2)}\n`);
    // What was not run has nothing to tell but which file is missing.
    const run = this.#failed.filter(({ attempts }) => attempts > 0);
    const shown = values.all ? run : run.slice(0, SHOWN);
    for (const one of shown) out(`\n${feedbackLines(one, style).join("\n")}\n`);
    const missing = new Set(
      this.#failed.filter(({ attempts }) => attempts === 0)
        .map(({ message }) => message),
    );
    for (const message of missing) out(`\n${style.yellow("!")} ${message}\n`);
    const more = run.length - shown.length;
    if (more > 0) {
      out(
        `\n${more} more ${
          more === 1 ? "check" : "checks"
        } did not pass: --all shows their feedback too\n`,
      );
    }
    out(`\n${this.#scores(result)}`);
  }

  #scores({ checks, score, max_score, seconds }: GradeResult): string {
    const { style } = this.#output;
    const programs = [...new Set(checks.map(({ program }) => program))];
    const sum = (own: readonly CheckResult[], key: "score" | "points") =>
      own.reduce((total, one) => total + one[key], 0);
    const lines = programs.length < 2 ? [] : programs.map((program) => {
      const own = checks.filter((one) => one.program === program);
      return `${program}: ${sum(own, "score")} of ${pointCount(sum(own, "points"))}\n`;
    });
    const open = checks.filter(({ verdict }) => verdict === "inconclusive" || verdict === "error");
    if (open.length > 0) {
      const few = open.length === 1 ? "1 check was" : `${open.length} checks were`;
      const what = `${few} not judged, of ${pointCount(sum(open, "points"))}: run again`;
      lines.push(`${style.yellow(what)}\n`);
    }
    const all = `${score} of ${pointCount(max_score)}`;
    const paint = score === max_score ? style.green : style.bold;
    return `${lines.join("")}${paint(all)} in ${seconds.toFixed(1)} s\n`;
  }

  /** Takes the line of progress away for good. */
  clear(): void {
    clearInterval(this.#redraw);
    this.#erase();
  }

  #erase(): void {
    if (this.#progress) this.#output.out("\r\x1b[K");
    this.#progress = false;
  }
}
