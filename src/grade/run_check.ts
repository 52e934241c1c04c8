/** Runs one check: a run of the link, the program under test started fresh, a verdict. */
import { benchOf, type BenchOptions } from "./bench.ts";
import { toBytes } from "./bytes.ts";
import { excerpts } from "./bytes_view.ts";
import type { Check, Verdict } from "./check.ts";
import { cutShort } from "./cut_short.ts";
import { describeEnd, ladderOf, lastLines } from "./evidence.ts";
import { disturbanceOf } from "./disturbance.ts";
import { CheckFailure, Inconclusive } from "./failure.ts";
import type { LinkRecord } from "./link_run.ts";
import { withPatience } from "./peer/patience.ts";
import { type CheckResult, stepsOf } from "./result.ts";
import { CLOSED } from "./open_way.ts";
import { unmetOf } from "./script_met.ts";
import type { Tested } from "./tested.ts";
import { FLOODED, type PrintedLine } from "./tested_output.ts";

/** How often a check is run that comes to no verdict; and on a network that may decide by chance. */
const ATTEMPTS = 3, ATTEMPTS_BY_CHANCE = 20;
/** Ticks that a program has to be seen ended, where its end may be why a check failed. */
const ENDING = 10;
/** Ticks of patience that a check has in all: 2 min. */
const WHOLE = 2400;

/** Runs a check until it comes to a verdict, so many times at most. Rejects where the signal says so. */
export async function runCheck(options: Omit<BenchOptions, "attempt">): Promise<CheckResult> {
  const began = performance.now();
  const most = options.session.link.ambient === null ? ATTEMPTS : ATTEMPTS_BY_CHANCE;
  let attempts = 0;
  for (;;) {
    attempts++;
    const result = await attempt({ ...options, attempt: attempts });
    options.signal.throwIfAborted();
    if (result.verdict === "inconclusive" && attempts < most) continue;
    const seconds = Math.round(performance.now() - began) / 1000;
    return { ...result, seconds, attempts };
  }
}

/** The result of a check that cannot be run since its program is missing. */
export function missingResult(check: Check, file: string): CheckResult {
  const message = `Add ${file} to your folder: there is no such file, so nothing was started`;
  return { ...blank(check), verdict: "fail", message };
}

/** The result of a check that cannot be run, and not because of the program. */
export function errorResult(check: Check, error: unknown): CheckResult {
  return { ...blank(check), verdict: "error", message: messageOf(error) };
}

/** The result of a check for which there was no time. */
export function lateResult(check: Check, reason: unknown): CheckResult {
  return { ...blank(check), verdict: "inconclusive", message: messageOf(reason) };
}

function blank({ id, title, program, points, hint }: Check): CheckResult {
  return {
    ...{ id, title, program, points, hint },
    ...{ score: 0, verdict: "error", seconds: 0, attempts: 0, message: null },
    ...{ expected: null, actual: null, steps: [], evidence: null },
  };
}

async function attempt(options: BenchOptions): Promise<CheckResult> {
  const { check, session, signal } = options;
  const own = benchOf(options);
  const { bench, steps, tested, begin, close } = own;
  let error: unknown = null;
  let record: LinkRecord | null = null;
  try {
    await withPatience(
      Promise.race([
        check.run(bench),
        cutShort(session.testbed, signal),
        byChance(own.spoiled),
      ]),
      () => {
        // A server has a fraction of that until it listens: it is not the program that is waited for.
        if (own.launching) throw new Error("The program could not be started within two minutes");
        steps.cut();
        throw new CheckFailure("Timed out: this check took more than two minutes");
      },
      WHOLE,
    );
  } catch (thrown) {
    error = thrown;
  }
  close();
  // What breaks here is the machine's, and then nobody knows what else was; only that the record of a program that sends
  // without an end comes late says nothing new.
  const afterwards = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (thrown) {
      error = thrown instanceof Inconclusive ? error ?? thrown : blameOf(error, thrown);
    }
  };
  if (!signal.aborted) {
    await afterwards(async () => {
      await seenEnded(error, tested);
      // From here on it is we who end it, be it by a reset.
      for (const one of tested) one.endTold ||= one.exit === null;
      await begin();
      record = await session.link.end();
    });
  }
  // What a program says of its end at our hands does not tell why it failed; one that has ended by itself is heard out.
  const { exit = null, output } = tested.at(-1) ?? {};
  const lines = output?.lines ?? [];
  const printed = exit === null ? [...lines] : lines;
  await afterwards(() => session.peers.clear());
  await Promise.all(tested.map((one) => afterwards(() => one.stop())));
  await afterwards(() => options.tested.clear());
  signal.throwIfAborted();
  const { port, transport } = options.place.lab.manifest;
  if (transport === "tcp") await afterwards(() => session.endLeft(port));
  const result = judge(check, error, { record, tested, printed, steps: steps.done });
  return result.verdict === "fail" ? await ifOpen(result, options) : result;
}

/** That failure, or the error of a machine on which nothing arrives any more. */
async function ifOpen(
  failure: CheckResult,
  { check, place, session, signal }: BenchOptions,
): Promise<CheckResult> {
  try {
    const open = session.isWayOpen(place.lab.manifest.port);
    if (await Promise.race([open, cutShort(session.testbed, signal)])) return failure;
    throw new Error(CLOSED);
  } catch (error) {
    signal.throwIfAborted();
    return errorResult(check, error);
  }
}

/** An error that came first is the cause of others; a verdict on the program does not outlast one. */
function blameOf(first: unknown, second: unknown): unknown {
  return isOurs(first) ? first : second;
}

/** Whether something else than the program, or the network's chance, is to blame. */
function isOurs(error: unknown): boolean {
  return error !== null && !(error instanceof CheckFailure) && !(error instanceof Inconclusive);
}

/** Where the end of a program may be why a check failed, waits a moment to see it. */
async function seenEnded(error: unknown, tested: readonly Tested[]): Promise<void> {
  const last = tested.at(-1);
  if (!(error instanceof CheckFailure) || !error.facts.mayHaveEnded || last === undefined) return;
  await withPatience<unknown>(last.exited, () => {}, ENDING);
}

interface Seen {
  record: LinkRecord | null;
  tested: readonly Tested[];
  /** What the last of them has printed. */
  printed: readonly PrintedLine[];
  steps: Parameters<typeof stepsOf>[0];
}

function judge(
  check: Check,
  error: unknown,
  { record, tested, printed, steps }: Seen,
): CheckResult {
  const verdict = verdictOf(error, record, tested);
  const base = { ...blank(check), steps: stepsOf(steps), verdict: verdict.verdict };
  if (verdict.verdict === "pass") return { ...base, score: check.points };
  const facts = error instanceof CheckFailure ? error.facts : {};
  const shown = facts.expected === undefined && facts.actual === undefined
    ? null
    : excerpts(toBytes(facts.expected ?? ""), toBytes(facts.actual ?? ""));
  const last = tested.at(-1);
  const ended = last !== undefined && last.exit !== null && !last.endTold &&
      (last.role === "server" || last.exit.code !== 0 || facts.mayHaveEnded === true)
    ? describeEnd(last.role, last.exit, last.output.lines)
    : null;
  return {
    ...base,
    message: verdict.message,
    expected: facts.expected === undefined ? null : shown!.expected,
    actual: facts.actual === undefined ? null : shown!.actual,
    evidence: {
      ladder: ladderOf(record?.packets ?? [], facts.peer),
      printed: lastLines(printed),
      ended,
    },
  };
}

function verdictOf(
  error: unknown,
  record: LinkRecord | null,
  tested: readonly Tested[],
): { verdict: Verdict; message: string | null } {
  const flooded = tested.find(({ output }) => output.flooded);
  if (flooded !== undefined && !isOurs(error)) {
    // Whatever else came of it: that depends on when it was ended.
    return {
      verdict: "fail",
      message: `Print less: the ${flooded.role} was ended, as ${FLOODED}`,
    };
  }
  if (error !== null && !(error instanceof CheckFailure)) {
    const verdict = error instanceof Inconclusive ? "inconclusive" : "error";
    return { verdict, message: messageOf(error) };
  }
  // Where the check failed, that the program sent too little for the script to happen is its own doing, and that peers
  // did is that of the check, which went no further.
  const doing = tested[0]?.role === "client" ? "up" : "down";
  const unmet = record === null ? [] : unmetOf(record.script, record.packets)
    .filter(({ dir, came }) => error === null || (dir !== doing && came));
  if (unmet.length > 0) {
    return {
      verdict: "inconclusive",
      message: `The network did not do its part: ${unmet[0]!.text}`,
    };
  }
  const chance = record === null ? null : disturbanceOf(record, { passed: error === null });
  if (chance !== null) {
    return { verdict: "inconclusive", message: chanceText(chance) };
  }
  return error === null
    ? { verdict: "pass", message: null }
    : { verdict: "fail", message: error.message };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}

function byChance(deed: Promise<string>): Promise<never> {
  return deed.then((what) => Promise.reject(new Inconclusive(chanceText(what))));
}

function chanceText(deed: string): string {
  return `The network may have decided this: ${deed}`;
}
