/** Runs a lab's checks against a submission, one after the other on each of its testbeds. */
import { LogFolderHere, makeTemporaryFolder, type SandboxOptions } from "../engine/mod.ts";
import type { Check } from "./check.ts";
import { Lane } from "./lane.ts";
import type { Submission } from "./programs.ts";
import type { CheckResult, GradeResult } from "./result.ts";
import { Sessions, type SessionsOptions } from "./sessions.ts";

/** What is run, and who is told. */
export interface RunChecksOptions extends SessionsOptions {
  checks: readonly Check[];
  submission: Submission;
  /** What programs are shut in with; only the docker engine can. Default: they lie on this machine, and run as its user. */
  sandbox?: SandboxOptions;
  /** Testbeds that outlast these checks, each for one check at a time. Default: one of their own. */
  testbeds?: readonly Sessions[];
  /** The version of the project. */
  version: string;
  /** A check begins; `index` counts from 0. */
  onCheck?: (check: Check, index: number) => void;
  /** A check has ended, and all before it. */
  onResult?: (result: CheckResult, index: number) => void;
  /**
   * The time for all of them: once it is over, the check under way ends, and no other begins. What has come to no verdict
   * by then is inconclusive, with the signal's reason as its message.
   */
  time?: AbortSignal;
}

/**
 * Runs the checks and returns what they came to, in their order. Where the machine breaks under one, that one is an error,
 * and the next gets a testbed of its own.
 *
 * @throws {MachineError | UnfitError} Where what the first check runs on cannot be had, or not for such a program.
 */
export async function runChecks(options: RunChecksOptions): Promise<GradeResult> {
  const { lab, checks, submission, seed, version, testbeds } = options;
  const started = new Date();
  const began = performance.now();
  await using own = testbeds === undefined ? new Sessions(options) : null;
  const all = testbeds ?? [own!];
  const results = await onLanes(all, options);
  const { ambient } = all[0]!;
  const { engine = null, driver = null } = all.find(({ engine }) => engine !== null) ?? {};
  return {
    v: 1,
    lab: lab.manifest.id,
    submission: submission.name,
    seed: String(seed),
    ...(ambient !== null && { netem: ambient }),
    engine,
    driver,
    versions: { socklab: version, deno: Deno.version.deno },
    score: results.reduce((sum, { score }) => sum + score, 0),
    max_score: checks.reduce((sum, { points }) => sum + points, 0),
    started: started.toISOString(),
    seconds: Math.round(performance.now() - began) / 1000,
    checks: results,
  };
}

/**
 * Each testbed takes another check when it has done one: every other testbed the next, the others the last. So most meet
 * only servers or only clients, and have less to start.
 */
async function onLanes(
  testbeds: readonly Sessions[],
  options: RunChecksOptions,
): Promise<CheckResult[]> {
  const { checks, onCheck, onResult } = options;
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const results: CheckResult[] = [];
  const open = checks.map((_, index) => index);
  let told = 0;
  const work = async (sessions: Sessions, number: number) => {
    const next = () => number % 2 === 0 ? open.shift() : open.pop();
    using temporary = makeTemporaryFolder("check");
    const out = temporary.folder;
    Deno.chmodSync(out, 0o755);
    const logs = new LogFolderHere(`${out}/${options.lab.manifest.id}/logs`);
    await using lane = new Lane(sessions, { ...options, out, logs, signal });
    for (let index = next(); index !== undefined; index = next()) {
      signal.throwIfAborted();
      onCheck?.(checks[index]!, index);
      results[index] = await lane.run(checks[index]!);
      for (; results[told] !== undefined; told++) onResult?.(results[told]!, told);
    }
  };
  const lanes = testbeds.map((sessions, number) =>
    work(sessions, number).catch((error) => {
      failed.abort(error);
      throw error;
    })
  );
  // All are over before the first failure is told: nobody is left at work.
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
  return results;
}
