/** Runs a lab's checks against folders of programs, all on one testbed. */
import { loadChecks } from "../../scripts/check_lab.ts";
import { folderSubmission } from "../../scripts/submission.ts";
import {
  type Check,
  type GradeResult,
  handedIn,
  runChecks,
  type RunChecksOptions,
  SANDBOX_PLACE,
  Sessions,
  takeSnapshot,
} from "../../src/grade/mod.ts";
import type { Lab } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";

/** Any would do; this one is in no recorded feedback by chance. */
const SEED = 7n;

/** A testbed for checks, started with the first of them. Disposing ends it. */
export class CheckStage implements AsyncDisposable {
  readonly lab: Lab;
  readonly #engine: "docker" | "local";
  readonly #sessions: Sessions;
  readonly #signal = new AbortController().signal;
  #checks: Promise<readonly Check[]> | undefined;

  constructor(lab: Lab, engine: "docker" | "local") {
    this.lab = lab;
    this.#engine = engine;
    const sandbox = engine === "docker" ? { sandbox: {} } : {};
    this.#sessions = new Sessions({ lab, engine, seed: SEED, signal: this.#signal, ...sandbox });
  }

  /** The lab's checks, loaded once. */
  checks(): Promise<readonly Check[]> {
    return this.#checks ??= loadChecks(this.lab);
  }

  /** Runs checks against the programs of a folder. */
  run(folder: string, checks: readonly Check[]): Promise<GradeResult> {
    return runChecks({
      lab: this.lab,
      checks,
      ...this.#handedIn(folder),
      engine: this.#engine,
      sessions: this.#sessions,
      seed: SEED,
      version: "0",
      signal: this.#signal,
    });
  }

  /** In containers shut in, as when it is graded; here where it lies. */
  #handedIn(folder: string): Pick<RunChecksOptions, "submission" | "sandbox"> {
    const { lab } = this;
    if (this.#engine === "local") return { submission: folderSubmission(ROOT, lab, folder) };
    const snapshot = takeSnapshot(folder);
    const submission = handedIn(snapshot, { lab, name: folder }).at(SANDBOX_PLACE);
    return { submission, sandbox: { files: snapshot.files } };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sessions[Symbol.asyncDispose]();
  }
}
