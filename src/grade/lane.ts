/** A testbed while a submission's checks run on it, one after the other. */
import { type LogFolder, type SandboxOptions, UnfitError } from "../engine/mod.ts";
import type { Lab } from "../lab/mod.ts";
import type { Check } from "./check.ts";
import { placeOf, type Submission } from "./programs.ts";
import type { CheckResult } from "./result.ts";
import { errorResult, lateResult, missingResult, runCheck } from "./run_check.ts";
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";
import { besidePeers, type TestedPlace } from "./tested_place.ts";

/** What its checks are run with. */
export interface LaneOptions {
  lab: Lab;
  submission: Submission;
  /** Default: programs run beside the peers, as what the user trusts. */
  sandbox?: SandboxOptions;
  seed: bigint;
  /** Where programs may write that run beside the peers, in `LAB/logs`. */
  out: string;
  /** That folder. */
  logs: LogFolder;
  onNotice?: (line: string) => void;
  time?: AbortSignal;
  signal: AbortSignal;
}

/** Runs checks. Disposing ends the sandbox; the testbed is its owner's, unless others could not use it any more. */
export class Lane implements AsyncDisposable {
  readonly #sessions: Sessions;
  readonly #options: LaneOptions;
  #on: { session: Session; tested: TestedPlace } | null = null;
  /** Whether there was one: then results are worth keeping, whatever breaks. */
  #began = false;

  constructor(sessions: Sessions, options: LaneOptions) {
    this.#sessions = sessions;
    this.#options = options;
  }

  /** @throws {MachineError | UnfitError} Where what the first check runs on cannot be had, or not for such a program. */
  async run(check: Check): Promise<CheckResult> {
    const { lab, submission, seed, out, time, signal: whole } = this.#options;
    const missing = submission.missing(check.program);
    if (missing !== null) return missingResult(check, missing);
    if (time?.aborted) return lateResult(check, time.reason);
    const place = placeOf(lab, check.program);
    let on: { session: Session; tested: TestedPlace };
    try {
      on = await this.#get();
      if (place.role === "server" && !await isFree(on.session, place.lab.manifest.port)) {
        await this.#drop();
        on = await this.#get();
      }
    } catch (error) {
      if (!this.#began) throw error;
      return errorResult(check, error);
    }
    const signal = time === undefined ? whole : AbortSignal.any([whole, time]);
    let result: CheckResult;
    try {
      result = await runCheck({ check, place, submission, ...on, seed: `${seed}`, out, signal });
    } catch (error) {
      if (whole.aborted || !time?.aborted) throw error;
      // Its run of the link has not ended: nobody else gets this testbed.
      await this.#drop();
      return lateResult(check, time.reason);
    }
    // Whether another can be had, the next check finds out.
    if (result.verdict === "error") await this.#drop();
    else if (on.tested.ended) await this.#leave();
    return result;
  }

  async #get(): Promise<{ session: Session; tested: TestedPlace }> {
    if (this.#on !== null) return this.#on;
    const { lab, sandbox, logs } = this.#options;
    const session = await this.#sessions.get();
    const { testbed } = session;
    if (sandbox !== undefined && testbed.openSandbox === undefined) {
      throw new UnfitError("Use --engine docker: the local engine shuts no program in");
    }
    const tested = sandbox === undefined
      ? besidePeers(testbed, logs)
      : await testbed.openSandbox!({ ...limitsOf(lab), ...sandbox });
    // A check may put something into the folder of logs before it starts a program.
    await tested.clear();
    this.#began = true;
    return this.#on = { session, tested };
  }

  /** What is broken may not end in order either: that is told, and costs nobody the results. */
  async #drop(): Promise<void> {
    await this.#leave();
    await this.#sessions.drop().catch((error: Error) => this.#options.onNotice?.(error.message));
  }

  async #leave(): Promise<void> {
    const tested = this.#on?.tested;
    this.#on = null;
    try {
      await tested?.[Symbol.asyncDispose]();
    } catch (error) {
      this.#options.onNotice?.((error as Error).message);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leave();
    await this.#sessions.leave().catch((error: Error) => this.#options.onNotice?.(error.message));
  }
}

/**
 * Whether nothing of earlier checks is left at the server's port, in TIME-WAIT for a minute: a server would be refused the
 * port that has not set SO_REUSEADDR.
 */
async function isFree({ held, endLeft }: Session, port: number): Promise<boolean> {
  return !held.has(port) || await endLeft(port);
}

/** What a lab's programs may take, where it says so. */
function limitsOf({ manifest: { resources } }: Lab): Pick<SandboxOptions, "limits"> {
  if (resources === undefined) return {};
  return { limits: { memory: resources.memory_mb * 2 ** 20, pids: resources.pids } };
}
