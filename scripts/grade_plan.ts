/** What `lab grade` is asked for: a batch to begin or to go on with. All that its caller can have got wrong is found here. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  BatchFolder,
  type Check,
  checksFor,
  entriesOf,
  findSubmissions,
  type FormatName,
  type Journal,
  labHash,
  OPEN,
  type Policy,
  shown,
  unlikeEntries,
  unlikeTerms,
} from "../src/grade/mod.ts";
import { findLab, type Lab } from "../src/lab/mod.ts";
import { ambientOf, type AmbientValues } from "./ambient_options.ts";
import { expectChecks, loadChecks, versionOf } from "./check_lab.ts";
import type { EngineChoice } from "./engine_choice.ts";
import { BatchBook } from "./grade_book.ts";
import { gradeEngine } from "./grade_engine.ts";
import { formatsOf, readPolicy } from "./grade_formats.ts";
import { freshFolder, latestFolder } from "./grade_place.ts";
import { bookPath } from "./grades_place.ts";
import { drawSeed, parseSeed } from "./link_options.ts";
import { outFolder } from "./run_settle.ts";
import { type Context, UsageError } from "./verb.ts";

/** The parsed options of `lab grade`. */
export interface GradeValues extends AmbientValues {
  format: string[];
  out?: string | undefined;
  jobs?: number | undefined;
  only: string[];
  seed?: string | undefined;
  timeout?: number | undefined;
  resume: boolean;
  replay?: string | undefined;
  image?: string | undefined;
  policy?: string | undefined;
  book?: string | undefined;
  engine?: EngineChoice | undefined;
  trust: boolean;
  json: boolean;
}

/** A batch that can be graded. Disposing gives its folder free, and closes the gradebook. */
export interface GradePlan extends Disposable {
  lab: Lab;
  /** What submissions meet, in this order. */
  checks: readonly Check[];
  folder: BatchFolder;
  journal: Journal;
  book: BatchBook;
  /** How many are graded at a time. */
  jobs: number;
}

type GradeContext = Context<GradeValues>;

/** Settles it, and writes the journal of a batch that begins. @throws {UsageError | RejectedError | BatchError} */
export async function planGrade(context: GradeContext): Promise<GradePlan> {
  const { values, root, positionals: [id] } = context;
  const lab = findLab(root, id!);
  const all = await loadChecks(lab);
  expectChecks(lab, all, values.only);
  const formats = formatsOf(values.format);
  const policy = values.policy === undefined ? null : readPolicy(values.policy, all);
  const wanted = { lab, all, formats, policy };
  const batch = values.resume ? await goOn(context, wanted) : await begin(context, wanted);
  const checks = all.filter((check) => batch.journal.checks.includes(check.id));
  return { lab, checks, jobs: jobsOf(values), ...batch };
}

/** Returns how many are graded at a time: checks wait more than they work. */
export function jobsOf({ jobs }: GradeValues): number {
  return jobs ?? 2 * availableParallelism();
}

interface Wanted {
  lab: Lab;
  /** All checks of the lab. */
  all: readonly Check[];
  formats: FormatName[];
  /** null where none is given. */
  policy: Policy | null;
}

/** A folder that is taken, the batch in it, and the book that it goes into. */
type Batch = Pick<GradePlan, "folder" | "journal" | "book" | typeof Symbol.dispose>;

async function begin(
  context: GradeContext,
  { lab, all, formats, policy }: Wanted,
): Promise<Batch> {
  const { values, root, positionals: [, ...paths], output } = context;
  if (paths.length === 0) {
    throw new UsageError(
      `Give PATH: ./lab grade ${lab.manifest.id} PATH, a submission or a folder of submissions`,
    );
  }
  const seed = values.seed === undefined ? drawSeed() : parseSeed(values.seed);
  const netem = ambientOf(values) ?? null;
  const { submissions, notes } = findSubmissions(paths, lab);
  const engine = await gradeEngine(values);
  for (const note of notes) output.err(`lab: ${note}\n`);
  const checks = all.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  const entries = entriesOf(submissions, { lab, engine, image: values.image ?? null });
  const idle = entries.find((entry) => checksFor(entry, checks).length === 0);
  if (idle !== undefined) {
    throw new UsageError(`Leave out ${shown(idle.name)}, or --only: none of these checks is of it`);
  }
  const started = new Date();
  const journal: Journal = {
    ...{ v: 1, id: crypto.randomUUID(), started: started.toISOString() },
    ...termsNow(lab, root),
    ...{ engine, seed: `${seed}`, netem },
    ...{ checks: idsOf(checks), whole: checks.length === all.length },
    ...{ timeout: values.timeout ?? null, image: values.image ?? null },
    ...{ formats: formats.length > 0 ? formats : ["json"], policy: policy ?? OPEN },
    submissions: entries,
  };
  const out = values.out === undefined
    ? freshFolder(outFolder(undefined, root), lab.manifest.id, started)
    : resolve(values.out);
  return await taken(out, context, async (folder) => {
    if (folder.journal() !== null) {
      throw new UsageError(
        `Add --resume to go on, or give --out another folder: there is a batch in ${out}`,
      );
    }
    await folder.begin(journal);
    return journal;
  });
}

async function goOn(
  context: GradeContext,
  { lab, all, formats, policy }: Wanted,
): Promise<Batch> {
  const { values, root, positionals: [, ...paths] } = context;
  const out = values.out === undefined
    ? latestFolder(outFolder(undefined, root), lab.manifest.id)
    : resolve(values.out);
  return await taken(out, context, async (folder) => {
    const journal = folder.journal();
    if (journal === null) {
      throw new UsageError(`Leave out --resume to begin one: there is no batch in ${out}`);
    }
    const { only, seed, timeout, image, engine } = values;
    const netem = ambientOf(values);
    const unlike = unlikeTerms(journal, {
      ...termsNow(lab, root),
      ...(only.length > 0 && {
        checks: idsOf(all).filter((id) => only.includes(id)),
      }),
      ...(seed !== undefined && { seed: `${parseSeed(seed)}` }),
      ...(netem !== undefined && { netem }),
      ...(timeout !== undefined && { timeout }),
      ...(image !== undefined && { image }),
      ...(engine !== undefined && engine !== "auto" && { engine }),
    });
    if (unlike !== null) throw new UsageError(unlike);
    await gradeEngine({ ...values, engine: journal.engine });
    const found = paths.length > 0
      ? findSubmissions(paths, lab).submissions
      : journal.submissions.map((entry) => ({ ...entry, rejected: null }));
    const changed = unlikeEntries(journal, entriesOf(found, { ...journal, lab }));
    if (changed !== null) throw new UsageError(changed);
    const now = {
      ...journal,
      formats: formats.length > 0 ? formats : journal.formats,
      policy: policy ?? journal.policy,
    };
    await folder.begin(now);
    return now;
  });
}

/** Takes a folder for a batch, and opens the gradebook; leaves both where the batch cannot be had. */
async function taken(
  path: string,
  { root, values }: GradeContext,
  act: (folder: BatchFolder) => Promise<Journal>,
): Promise<Batch> {
  using held = new DisposableStack();
  const book = held.use(new BatchBook(bookPath(root, values.book)));
  const folder = held.use(BatchFolder.take(path));
  const journal = await act(folder);
  const kept = held.move();
  return { folder, journal, book, [Symbol.dispose]: () => kept.dispose() };
}

/** What nobody chooses. */
function termsNow({ manifest, folder }: Lab, root: string) {
  return {
    lab: manifest.id,
    lab_hash: labHash(folder),
    versions: { socklab: versionOf(root), deno: Deno.version.deno },
  };
}

function idsOf(checks: readonly Check[]): string[] {
  return checks.map(({ id }) => id);
}
