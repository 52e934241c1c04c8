/** Runs a lab's checks against a submission, one after the other on one testbed. */
import {
  type EngineName,
  type LogFolder,
  LogFolderHere,
  makeTemporaryFolder,
  type SandboxFile,
  type SandboxOptions,
} from "../engine/mod.ts";
import type { Lab } from "../lab/mod.ts";
import type { Check } from "./check.ts";
import { placeOf, type ProgramPlace, type Submission } from "./programs.ts";
import type { CheckResult, GradeResult } from "./result.ts";
import { errorResult, lateResult, missingResult, runCheck } from "./run_check.ts";
import type { Session } from "./session.ts";
import { Sessions } from "./sessions.ts";

/** What is run, and who is told. */
export interface RunChecksOptions {
  lab: Lab;
  checks: readonly Check[];
  submission: Submission;
  engine: EngineName | "auto";
  /** What programs are shut in with: the submission's files, and in what. Default: they lie on this machine. */
  sandbox?: SandboxOptions & { files: readonly SandboxFile[] };
  /** Testbeds that outlast these checks. Default: of their own. */
  sessions?: Sessions;
  /** Of all random inputs. */
  seed: bigint;
  /** The version of the project. */
  version: string;
  /** Lines about the set-up. */
  onNotice?: (line: string) => void;
  /** A check begins; `index` counts from 0. */
  onCheck?: (check: Check, index: number) => void;
  /** A check has ended. */
  onResult?: (result: CheckResult, index: number) => void;
  /**
   * The time for all of them: once it is over, the check under way ends, and no other begins. What has come to no verdict
   * by then is inconclusive, with the signal's reason as its message.
   */
  time?: AbortSignal;
  signal: AbortSignal;
}

/**
 * Runs the checks and returns what they came to. Where the machine breaks under one, that one is an error, and the next
 * gets a testbed of its own.
 *
 * @throws {MachineError | UnfitError} Where the first testbed cannot be had, or not for such a program.
 */
export async function runChecks(options: RunChecksOptions): Promise<GradeResult> {
  const { lab, checks, submission, seed, signal, version } = options;
  const started = new Date();
  const began = performance.now();
  using temporary = makeTemporaryFolder("check");
  const out = temporary.folder;
  Deno.chmodSync(out, 0o755);
  const logs = new LogFolderHere(`${out}/${lab.manifest.id}/logs`);
  const sessions = options.sessions ?? new Sessions(options);
  const results: CheckResult[] = [];
  const session = filledSessions(sessions, options.sandbox?.files);
  try {
    for (const [index, check] of checks.entries()) {
      signal.throwIfAborted();
      options.onCheck?.(check, index);
      const place = placeOf(lab, check.program);
      const result = await one(check, place, { options, sessions, session, out, logs });
      results.push(result);
      options.onResult?.(result, index);
    }
  } finally {
    if (options.sessions === undefined) await end(sessions, options);
  }
  return {
    v: 1,
    lab: lab.manifest.id,
    submission: submission.name,
    seed: String(seed),
    engine: sessions.engine,
    driver: sessions.driver,
    versions: { socklab: version, deno: Deno.version.deno },
    score: results.reduce((sum, { score }) => sum + score, 0),
    max_score: results.reduce((sum, { points }) => sum + points, 0),
    started: started.toISOString(),
    seconds: Math.round(performance.now() - began) / 1000,
    checks: results,
  };
}

async function one(
  check: Check,
  place: ProgramPlace,
  { options, sessions, session: next, out, logs }: {
    options: RunChecksOptions;
    sessions: Sessions;
    session: () => Promise<Session>;
    out: string;
    logs: LogFolder;
  },
): Promise<CheckResult> {
  const { submission, seed, time } = options;
  const missing = submission.missing(check.program);
  if (missing !== null) return missingResult(check, missing);
  if (time?.aborted) return lateResult(check, time.reason);
  let session: Session;
  try {
    session = await next();
  } catch (error) {
    if (sessions.count === 0) throw error;
    return errorResult(check, error);
  }
  const signal = time === undefined ? options.signal : AbortSignal.any([options.signal, time]);
  const bench = {
    ...{ check, place, submission, session, seed: `${seed}`, out, signal },
    logs: session.testbed.sandbox?.logs ?? logs,
  };
  let result: CheckResult;
  try {
    result = await runCheck(bench);
  } catch (error) {
    if (options.signal.aborted || !time?.aborted) throw error;
    // Its run of the link has not ended: nobody else gets this testbed.
    await end(sessions, options);
    return lateResult(check, time.reason);
  }
  if (result.verdict === "error" || session.tested.ended) {
    // Whether another can be had, the next check finds out.
    await end(sessions, options);
  }
  return result;
}

/** Returns how the session of the next check is had: one whose sandbox holds these files. */
function filledSessions(
  sessions: Sessions,
  files: readonly SandboxFile[] = [],
): () => Promise<Session> {
  let filled: Session | null = null;
  return async () => {
    const session = await sessions.get();
    if (session !== filled) await session.testbed.sandbox?.put(files);
    return filled = session;
  };
}

/** What is broken may not end in order either: that is told, and costs nobody the results. */
async function end(sessions: Sessions, { onNotice }: RunChecksOptions): Promise<void> {
  await sessions.drop().catch((error: Error) => onNotice?.(error.message));
}
