/** What a user sees of `lab grade`. */
import {
  type BatchEnd,
  type BatchWatch,
  type Check,
  checksFor,
  type Ended,
  failed,
  FORMATS,
  type JournalEntry,
  printable,
  shown,
  shownBatch,
  text,
  undecided,
} from "../src/grade/mod.ts";
import { ambientText } from "./ambient_options.ts";
import type { GradePlan } from "./grade_plan.ts";
import { Progress } from "./grade_progress.ts";
import { LiveBlock } from "./live_block.ts";
import type { Output } from "./verb.ts";

/** What is told of a batch. */
type Plan = Pick<GradePlan, "checks" | "journal" | "folder" | "jobs">;

/** Milliseconds between two drawings. */
const REDRAW = 200;

/** Tells of a batch as it goes, and what it came to. */
export class GradeReport implements BatchWatch, Disposable {
  readonly #output: Output;
  readonly #plan: Plan;
  readonly #json: boolean;
  readonly #progress: Progress;
  readonly #block: LiveBlock | null;
  readonly #began = performance.now();
  readonly #redraw: ReturnType<typeof setInterval> | undefined;

  constructor(
    output: Output,
    plan: Plan,
    { json }: { json: boolean },
  ) {
    this.#output = output;
    this.#plan = plan;
    this.#json = json;
    const { journal, checks, folder } = plan;
    const kept = journal.submissions.filter((entry) =>
      folder.result(journal, entry, checksFor(entry, checks)) !== null
    );
    const open = journal.submissions.filter((one) => one.rejected === null && !kept.includes(one));
    this.#progress = new Progress({
      submissions: journal.submissions.length,
      checks: open.reduce((sum, entry) => sum + checksFor(entry, checks).length, 0),
    });
    this.#block = output.isTerminal && !json ? new LiveBlock(output) : null;
    if (!json) output.out(`${headOf(plan, kept.length)}\n`);
    if (this.#block === null) return;
    this.#redraw = setInterval(() => this.#draw(), REDRAW);
    Deno.unrefTimer(this.#redraw as unknown as number);
  }

  begin(entry: JournalEntry): void {
    this.#progress.begin(entry, checksFor(entry, this.#plan.checks).length);
  }

  check(entry: JournalEntry, check: Check, index: number): void {
    this.#progress.check(entry, check, index);
  }

  result(): void {
    this.#progress.result();
  }

  end(ended: Ended): void {
    this.#progress.end(ended);
    if (ended.fault !== null) {
      this.notice(`${shown(ended.name)} was not graded: ${ended.fault}`);
    }
    if (ended.kept || this.#block !== null || this.#json) return;
    this.#output.out(`${this.#progress.count}  ${printable(lineOf(ended))}\n`);
  }

  notice(line: string): void {
    this.#block?.erase();
    this.#output.err(`lab: ${printable(line)}\n`);
    if (this.#redraw !== undefined) this.#draw();
  }

  /** All have ended. */
  finish(end: BatchEnd): void {
    this.clear();
    const { journal, folder } = this.#plan;
    const { style, isTerminal, columns } = this.#output;
    const batch = shownBatch(end, journal.policy);
    if (this.#json) return this.#output.out(FORMATS.json.files["results.json"](batch));
    const width = isTerminal ? { columns } : {};
    this.#output.out(`\n${text(batch, { paint: style, ...width })}\n`);
    for (const path of ["submissions", ...end.documents]) {
      this.#output.out(`${style.dim(`${folder.path}/${path}`)}\n`);
    }
  }

  /** Whether any submission has ended. */
  get anyEnded(): boolean {
    return this.#progress.ended > 0;
  }

  /** It does not come to its end: what is done, and how it goes on. */
  brokenOff(command: string): void {
    this.clear();
    this.#output.err(`lab: Broken off with ${this.#progress.count} done; to go on: ${command}\n`);
  }

  /** Takes the lines of progress away for good. */
  clear(): void {
    clearInterval(this.#redraw);
    this.#block?.erase();
  }

  #draw(): void {
    this.#block?.draw(this.#progress.lines(performance.now() - this.#began));
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

function headOf({ journal, jobs, folder }: Plan, kept: number) {
  const { lab, seed, netem, submissions } = journal;
  const before = kept === 0 ? "" : `; ${kept} ${kept === 1 ? "was" : "were"} graded before`;
  const network = netem === null ? "" : `on a network with ${ambientText(netem)}, `;
  return `Grading ${
    countText(submissions.length)
  } of ${lab}, seed ${seed}, ${network}${jobs} at a time, ` +
    `into ${folder.path}${before}`;
}

function countText(count: number): string {
  return count === 1 ? "1 submission" : `${count} submissions`;
}

/** One submission on one line, without colours. */
function lineOf({ name, result, rejected }: Ended): string {
  const what = () => {
    if (rejected !== null) return `rejected: ${rejected}`;
    if (result === null) return "not graded";
    const { score, max_score, checks } = result;
    const [lost, open] = [failed(checks).length, undecided(checks).length];
    return [
      `${score}/${max_score}`,
      ...lost > 0 ? [`${lost} failed`] : [],
      ...open > 0 ? [`${open} not judged`] : [],
    ].join(", ");
  };
  return `${shown(name)}: ${what()}`;
}
