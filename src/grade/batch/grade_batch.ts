/** Grades the submissions of a batch, several at a time; what is done stays done, however this ends. */
import type { Check } from "../check.ts";
import type { GradedBatch, ReportContext } from "../report/mod.ts";
import type { CheckResult, GradeResult } from "../result.ts";
import { RejectedError, shown } from "../submission/mod.ts";
import type { BatchFolder } from "./batch_folder.ts";
import { Documents } from "./documents.ts";
import type { Ended } from "./ended.ts";
import type { Grader, Told } from "./grader.ts";
import { checksFor, type Journal, type JournalEntry } from "./journal.ts";
import { Latest } from "./latest.ts";
import { inParallel } from "./queue.ts";
import { UnderWay } from "./under_way.ts";

/** Testbeds of each submission, at least: checks wait more than they work. */
const LANES = 2;

/** How a batch is graded, and who hears of it. */
export interface GradeBatchOptions {
  /** The lab's title. */
  title: string;
  /** What all submissions meet, in this order. */
  checks: readonly Check[];
  /** How many are graded at a time. */
  jobs: number;
  /** Returns what grades submissions one after the other, each on so many testbeds at once. */
  grader: (lanes: number) => Grader;
  /** What documents know besides results; asked for each. */
  context: () => ReportContext;
  watch: BatchWatch;
  signal: AbortSignal;
}

/** Hears how a batch goes. */
export interface BatchWatch {
  /** A submission begins. */
  begin(entry: JournalEntry): void;
  /** One of its checks begins; `index` counts from 0. */
  check(entry: JournalEntry, check: Check, index: number): void;
  /** One of its checks has ended. */
  result(entry: JournalEntry, result: CheckResult): void;
  /** Nothing more comes of a submission. */
  end(ended: Ended): void;
  /** A line about the set-up, or about what went wrong and is tried again. */
  notice(line: string): void;
}

/** What a batch has come to. */
export interface BatchEnd extends GradedBatch {
  /** In the order of their names. */
  submissions: Ended[];
  /** The paths of the documents that hold all of them, in the batch's folder. */
  documents: string[];
}

/**
 * Grades what has no whole result yet, and writes results and documents.
 *
 * @throws {MachineError} Where nothing can be graded here, or results cannot be written.
 * @throws The signal's reason. What has ended by then stays, and the batch can go on.
 */
export async function gradeBatch(
  folder: BatchFolder,
  journal: Journal,
  options: GradeBatchOptions,
): Promise<BatchEnd> {
  const { watch, title, checks } = options;
  const began = performance.now();
  const documents = new Documents(folder, {
    ...{ formats: journal.formats, policy: journal.policy, context: options.context },
    onNotice: (line) => watch.notice(line),
  });
  const all = new Map<JournalEntry, Ended>();
  const end = async (one: Ended) => {
    await documents.ofSubmission(one.entry, one);
    all.set(one.entry, one);
    watch.end(one);
  };
  const open: JournalEntry[] = [];
  for (const entry of journal.submissions) {
    const { name, rejected } = entry;
    const result = folder.result(journal, entry, checksFor(entry, checks));
    if (result === null && rejected === null) open.push(entry);
    else await end({ entry, name, result, rejected, fault: null, kept: result !== null });
  }
  await gradeOpen(open, end, { folder, journal, options, documents });
  const batch = {
    ...{ lab: journal.lab, title, seed: journal.seed, started: journal.started },
    seconds: Math.round(performance.now() - began) / 1000,
    submissions: journal.submissions.map((entry) => all.get(entry)!),
  };
  return { ...batch, documents: await documents.ofBatch(batch) };
}

interface Batch {
  folder: BatchFolder;
  journal: Journal;
  documents: Documents;
  options: GradeBatchOptions;
}

/** Grades those that have no result yet. */
async function gradeOpen(
  open: readonly JournalEntry[],
  end: (one: Ended) => Promise<void>,
  batch: Batch,
): Promise<void> {
  if (open.length === 0) return;
  const { grader, jobs, checks, signal: wanted } = batch.options;
  // Where results cannot be written any more, what is still under way is of no use.
  const stop = new AbortController();
  const signal = AbortSignal.any([wanted, stop.signal]);
  const workers = Math.min(jobs, open.length);
  const lanes = lanesOf({ jobs, workers, checks: checks.length });
  const first = grader(lanes);
  try {
    await first.ready();
  } catch (error) {
    await first[Symbol.asyncDispose]();
    throw error;
  }
  await inParallel(open, workers, (number) => {
    const own = number === 1 ? first : grader(lanes);
    return {
      async work(entry) {
        try {
          signal.throwIfAborted();
          await end(await gradeOne(entry, own, batch, signal));
        } catch (error) {
          stop.abort(error);
          throw error;
        }
      },
      [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
    };
  });
}

/** On how many testbeds the checks of each submission run: more where there are fewer submissions than jobs. */
function lanesOf({ jobs, workers, checks }: Record<"jobs" | "workers" | "checks", number>): number {
  return Math.min(checks, Math.max(LANES, Math.floor(jobs / workers)));
}

/** Grades a submission; once more where it is not the submission that is at fault. */
async function gradeOne(
  entry: JournalEntry,
  grader: Grader,
  batch: Batch,
  signal: AbortSignal,
): Promise<Ended> {
  const { watch } = batch.options;
  const { name } = entry;
  const ended = { entry, name, result: null, rejected: null, fault: null, kept: false };
  watch.begin(entry);
  for (let attempt = 1;; attempt++) {
    const { result, error } = await attemptOne(entry, grader, batch, signal);
    if (result !== null) {
      await batch.folder.keep(entry, result);
      return { ...ended, result };
    }
    signal.throwIfAborted();
    if (error instanceof RejectedError) return { ...ended, rejected: lineOf(error) };
    if (attempt > 1) return { ...ended, fault: lineOf(error) };
    watch.notice(`${shown(name)} is graded once more: ${lineOf(error)}`);
  }
}

/** A submission's result, or why it has none. */
type Attempt = { result: GradeResult; error: null } | { result: null; error: unknown };

/** Grades a submission, with documents of what has come of it so far; rejects where these cannot be written. */
async function attemptOne(
  entry: JournalEntry,
  grader: Grader,
  { journal, documents, options: { checks, watch } }: Batch,
  signal: AbortSignal,
): Promise<Attempt> {
  const underWay = new UnderWay(journal, entry, checksFor(entry, checks));
  const soFar = new Latest(() => documents.early(entry, underWay.result));
  soFar.changed();
  const told: Told = {
    onCheck: (check, index) => watch.check(entry, check, index),
    onResult(result) {
      underWay.take(result);
      watch.result(entry, result);
      soFar.changed();
    },
  };
  const attempt = await grader.grade(entry, told, signal).then(
    (result): Attempt => ({ result, error: null }),
    (error: unknown): Attempt => ({ result: null, error }),
  );
  await soFar.made();
  return attempt;
}

function lineOf(error: unknown): string {
  return error instanceof Error ? error.message.split("\n")[0]! : String(error);
}
