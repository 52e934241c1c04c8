/** `lab grade --replay`: a submission graded again with the inputs of a result, and whether its verdicts are the same. */
import { dirname, resolve } from "node:path";
import {
  type Ambient,
  type BatchTerms,
  type Check,
  differencesOf,
  entriesOf,
  findSubmissions,
  type GradeResult,
  graderFor,
  type Journal,
  type JournalEntry,
  labHash,
  parseJournal,
  shown,
  statusOf,
} from "../src/grade/mod.ts";
import { findLab, type Lab, reasonOf } from "../src/lab/mod.ts";
import { ambientOf, ambientText } from "./ambient_options.ts";
import { loadChecks, versionOf } from "./check_lab.ts";
import { gradeEngine } from "./grade_engine.ts";
import { type GradeValues, jobsOf } from "./grade_plan.ts";
import { Interrupt } from "./interrupt.ts";
import { toolsOf } from "./lab_programs.ts";
import { exists } from "./paths.ts";
import { type Context, type Output, UsageError } from "./verb.ts";

/** Grades it again; returns the exit status: 0 the same, 1 another verdict, 3 something could not be judged. */
export async function replay(context: Context<GradeValues>): Promise<number> {
  const { values, root, output, positionals: [id, ...paths] } = context;
  const path = values.replay!;
  const before = readResult(path);
  const lab = findLab(root, id!);
  if (before.lab !== lab.manifest.id) {
    throw new UsageError(
      `Name ${shown(before.lab)}, not ${lab.manifest.id}: ${path} is of that lab`,
    );
  }
  const checks = checksOf(before, await loadChecks(lab));
  const journal = journalBeside(path);
  const engine = await gradeEngine({ ...values, engine: values.engine ?? before.engine ?? "auto" });
  const terms = {
    ...{ lab: lab.manifest.id, lab_hash: labHash(lab.folder), engine, seed: before.seed },
    versions: { socklab: versionOf(root), deno: Deno.version.deno },
    ...{ checks: checks.map(({ id }) => id), whole: false },
    timeout: values.timeout ?? journal?.timeout ?? null,
    image: values.image ?? journal?.image ?? null,
    netem: networkOf(values, before),
  };
  const entry = entryOf(before, { path, paths, journal, lab, terms });
  const onNotice = (line: string) => output.err(`lab: ${line}\n`);
  for (const line of unlike(before, terms, journal)) onNotice(line);
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const tools = toolsOf(root);
  const lanes = Math.min(jobsOf(values), checks.length);
  try {
    await using grader = graderFor({ lab, checks, terms, lanes, tools, onNotice, signal });
    if (!values.json) output.out(`Grading ${shown(entry.name)} again, seed ${before.seed}\n`);
    const now = await grader.grade(entry, {}, signal);
    return tell(output, { before, now, json: values.json });
  } catch (error) {
    if (signal.aborted) return 130;
    throw error;
  }
}

function readResult(path: string): GradeResult {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new UsageError(`Give --replay a file that can be read, not ${path}: ${reasonOf(error)}`);
  }
  try {
    const result = JSON.parse(text) as GradeResult;
    if (result.v === 1 && result.checks.length > 0 && /^\d+$/.test(result.seed)) return result;
  } catch {
    // Said below.
  }
  throw new UsageError(`Give --replay the result.json of a submission: ${path} is none`);
}

/** The checks that were run. @throws {UsageError} Where the lab has one of them no more. */
function checksOf(before: GradeResult, all: readonly Check[]): Check[] {
  return before.checks.map(({ id }) => {
    const check = all.find((one) => one.id === id);
    if (check !== undefined) return check;
    throw new UsageError(
      `Grade anew, without --replay: ${before.lab} has no check ${shown(id)} now`,
    );
  });
}

/** The journal of the batch that a result lies in; null where it lies elsewhere. */
function journalBeside(path: string): Journal | null {
  const journal = `${dirname(dirname(dirname(resolve(path))))}/batch.json`;
  return exists(journal) ? parseJournal(Deno.readTextFileSync(journal), journal) : null;
}

/** The network beneath the checks: that of the result, unless options name another. */
function networkOf(values: GradeValues, before: GradeResult): Ambient | null {
  const said = ambientOf(values);
  return said === undefined ? before.netem ?? null : said;
}

/** The submission that the result is of, as it was. @throws {UsageError} Where it is not there. */
function entryOf(
  before: GradeResult,
  { path, paths, journal, lab, terms }: {
    path: string;
    paths: readonly string[];
    journal: Journal | null;
    lab: Lab;
    terms: BatchTerms;
  },
): JournalEntry {
  const name = shown(before.submission);
  const graded = journal?.submissions.find((one) => one.name === before.submission);
  const found = paths.length > 0
    ? findSubmissions(paths, lab).submissions
    : graded === undefined
    ? []
    : [{ ...graded, rejected: null }];
  const entries = entriesOf(found, { ...terms, lab });
  const [only] = entries;
  const entry = entries.length === 1 ? only : entries.find((one) => one.name === before.submission);
  if (entry === undefined) {
    throw new UsageError(
      `Give PATH too, ./lab grade ${before.lab} PATH --replay …: where ${name} is, ${path} does not say`,
    );
  }
  if (entry.rejected !== null) throw new UsageError(entry.rejected);
  if (before.hash === undefined || entry.hash === before.hash) return entry;
  throw new UsageError(`Give PATH of ${name} as it was: it has changed since ${path}`);
}

/** Lines on what is another than it was, for which verdicts may differ. */
function unlike(before: GradeResult, now: BatchTerms, journal: Journal | null): string[] {
  const { socklab, deno } = before.versions;
  const changed = (what: string, then: string | null, is: string) =>
    then === is ? [] : [`The ${what} is another now: ${is}, then ${then ?? "none"}`];
  return [
    ...changed("version of Socklab", socklab, now.versions.socklab),
    ...changed("version of Deno", deno, now.versions.deno),
    ...changed("engine", before.engine, now.engine),
    ...changed("network", ambientText(before.netem), ambientText(now.netem)),
    ...journal !== null && journal.lab_hash !== now.lab_hash
      ? ["The lab's checks are others now"]
      : [],
  ];
}

function tell(
  output: Output,
  { before, now, json }: { before: GradeResult; now: GradeResult; json: boolean },
): number {
  const differences = differencesOf(before, now);
  const same = differences.length === 0;
  if (json) {
    output.out(`${JSON.stringify({ v: 1, same, differences, result: now }, null, 2)}\n`);
  } else {
    const { length } = now.checks;
    const { style } = output;
    const lines = differences.map(({ id, before, now }) => `  ${id}: was ${before}, is ${now}\n`);
    const all = length === 1 ? "the verdict of 1 check" : `the verdicts of ${length} checks`;
    const head = same
      ? style.green(`The same: ${all}, ${now.score} of ${now.max_score} points`)
      : style.red(`Different: ${differences.length} of ${length} verdicts`);
    output.out(`${head}\n${lines.join("")}`);
  }
  return statusOf(now.checks) === 3 ? 3 : same ? 0 : 1;
}
