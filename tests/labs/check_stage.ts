/** Runs a lab's checks against folders of programs, all on one testbed. */
import { inPlace, loadChecks, shutIn } from "../../scripts/check_lab.ts";
import {
  type Ambient,
  type Check,
  type GradeResult,
  handedIn,
  runChecks,
  type RunChecksOptions,
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

  constructor(
    lab: Lab,
    engine: "docker" | "local",
    { ambient = null, seed = SEED }: { ambient?: Ambient | null; seed?: bigint } = {},
  ) {
    this.lab = lab;
    this.#engine = engine;
    this.#sessions = new Sessions({ lab, engine, ambient, seed, signal: this.#signal });
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
      testbeds: [this.#sessions],
      seed: SEED,
      version: "0",
      signal: this.#signal,
    });
  }

  /** In containers shut in, as when it is graded; here where it lies. */
  #handedIn(folder: string): Pick<RunChecksOptions, "submission" | "sandbox"> {
    const { lab } = this;
    const snapshot = takeSnapshot(folder);
    const handed = handedIn(snapshot, { lab, name: folder });
    return this.#engine === "docker"
      ? shutIn({ handed, snapshot })
      : { submission: inPlace(ROOT, { handed, folder }) };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sessions[Symbol.asyncDispose]();
  }
}
