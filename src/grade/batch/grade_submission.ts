/** One submission graded: its checks, the time they have, and those in which the machine broke once more. */
import type { SandboxOptions } from "../../engine/mod.ts";
import type { Lab } from "../../lab/mod.ts";
import type { Check } from "../check.ts";
import type { Submission } from "../programs.ts";
import type { GradeResult } from "../result.ts";
import { runChecks } from "../run_checks.ts";
import type { Sessions } from "../sessions.ts";
import { shown, type Snapshot } from "../submission/mod.ts";
import type { Told } from "./grader.ts";
import type { BatchTerms } from "./journal.ts";

/** How a submission is graded. */
export interface GradeSubmissionOptions extends Told {
  lab: Lab;
  /** What it meets, in this order. */
  checks: readonly Check[];
  /** How its programs are started. */
  submission: Submission;
  /** What they are shut in with. Default: they run as who grades. */
  sandbox?: SandboxOptions;
  /** Where they run, several checks at once: testbeds that others may have had before. */
  testbeds: readonly Sessions[];
  terms: Pick<BatchTerms, "seed" | "timeout" | "versions" | "engine">;
  /** Lines about what is tried again. */
  onNotice: (line: string) => void;
  signal: AbortSignal;
}

/**
 * Grades a submission.
 *
 * @throws {MachineError} Where no testbed can be had.
 * @throws The signal's reason.
 */
export async function gradeSubmission(
  { hash, notes }: Pick<Snapshot, "hash" | "notes">,
  options: GradeSubmissionOptions,
): Promise<GradeResult> {
  const { terms, testbeds } = options;
  // Before the clock starts: setting up is not the student's.
  await Promise.all(testbeds.map((sessions) => sessions.get()));
  using time = new TimeLimit(terms.timeout);
  const result = await runTwice(options, time.signal);
  return { ...result, hash, ...(notes.length === 0 ? {} : { notes: [...notes] }) };
}

/** Checks in which the machine broke are run once more: what broke may have been the testbed that they had. */
async function runTwice(
  options: GradeSubmissionOptions,
  time: AbortSignal,
): Promise<GradeResult> {
  const { checks, submission, onNotice } = options;
  const first = await run(options, checks, time);
  const broken = new Set(
    first.checks.filter(({ verdict }) => verdict === "error").map(({ id }) => id),
  );
  if (broken.size === 0 || time.aborted) return first;
  const { message } = first.checks.find(({ id }) => broken.has(id))!;
  const what = broken.size === 1 ? "A check" : `${broken.size} checks`;
  onNotice(`${what} of ${shown(submission.name)} once more: ${message}`);
  const second = await run(options, checks.filter(({ id }) => broken.has(id)), time);
  const again = new Map(second.checks.map((check) => [check.id, check]));
  return {
    ...first,
    checks: first.checks.map((check) => again.get(check.id) ?? check),
    score: first.score + second.score,
    seconds: Math.round((first.seconds + second.seconds) * 1000) / 1000,
  };
}

function run(
  { lab, submission, sandbox, testbeds, terms, signal, ...options }: GradeSubmissionOptions,
  checks: readonly Check[],
  time: AbortSignal,
): Promise<GradeResult> {
  return runChecks({
    ...{ lab, checks, submission, testbeds, engine: terms.engine, time, signal },
    ...(sandbox === undefined ? {} : { sandbox }),
    seed: BigInt(terms.seed),
    version: terms.versions.socklab,
    onNotice: options.onNotice,
    onCheck: (check) => options.onCheck?.(check, options.checks.indexOf(check)),
    onResult: (result) => options.onResult?.(result),
  });
}

/** The time of a submission. Disposing stops the clock. */
class TimeLimit implements Disposable {
  readonly #over = new AbortController();
  readonly #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param seconds null: as many as it takes. */
  constructor(seconds: number | null) {
    if (seconds === null) return;
    const message =
      `Grade again with a longer --timeout: the submission's ${seconds} s were over before this check was judged`;
    this.#timer = setTimeout(() => this.#over.abort(new Error(message)), seconds * 1000);
  }

  /** Aborted when it is over. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
