/** What `lab grade` is asked for: a batch to begin or to go on with. All that its caller can have got wrong is found here. */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import {
  BatchFolder,
  type BatchFormat,
  type Check,
  entriesOf,
  findSubmissions,
  type FormatName,
  FORMATS,
  type Journal,
  labHash,
  OPEN,
  parsePolicy,
  type Policy,
  type SubmissionFormat,
  unlikeEntries,
  unlikeTerms,
} from "../src/grade/mod.ts";
import { findLab, type Lab, reasonOf } from "../src/lab/mod.ts";
import { expectChecks, loadChecks, versionOf } from "./check_lab.ts";
import type { EngineChoice } from "./engine_choice.ts";
import { gradeEngine } from "./grade_engine.ts";
import { freshFolder, latestFolder } from "./grade_place.ts";
import { drawSeed, parseSeed } from "./link_options.ts";
import { outFolder } from "./run_settle.ts";
import { type Context, UsageError } from "./verb.ts";

/** The parsed options of `lab grade`. */
export interface GradeValues {
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

/** A batch that can be graded. Disposing gives its folder free. */
export interface GradePlan extends Disposable {
  lab: Lab;
  /** What submissions meet, in this order. */
  checks: readonly Check[];
  folder: BatchFolder;
  journal: Journal;
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
  const formats = formatsOf(values);
  const policy = values.policy === undefined ? null : readPolicy(values.policy, all);
  const jobs = values.jobs ?? Math.max(2, availableParallelism());
  const wanted = { lab, all, formats, policy };
  const batch = values.resume ? await goOn(context, wanted) : await begin(context, wanted);
  const checks = all.filter((check) => batch.journal.checks.includes(check.id));
  return { lab, checks, jobs, ...batch, [Symbol.dispose]: () => batch.folder[Symbol.dispose]() };
}

interface Wanted {
  lab: Lab;
  /** All checks of the lab. */
  all: readonly Check[];
  formats: FormatName[];
  /** null where none is given. */
  policy: Policy | null;
}

/** A folder that is taken, and the batch in it. */
type Batch = Pick<GradePlan, "folder" | "journal">;

async function begin(
  { values, root, positionals: [, ...paths], output }: GradeContext,
  { lab, all, formats, policy }: Wanted,
): Promise<Batch> {
  if (paths.length === 0) {
    throw new UsageError(
      `Give PATH: ./lab grade ${lab.manifest.id} PATH, a submission or a folder of submissions`,
    );
  }
  const seed = values.seed === undefined ? drawSeed() : parseSeed(values.seed);
  const { submissions, notes } = findSubmissions(paths, lab);
  const engine = await gradeEngine(values);
  for (const note of notes) output.err(`lab: ${note}\n`);
  const checks = all.filter(({ id }) => values.only.length === 0 || values.only.includes(id));
  const started = new Date();
  const journal: Journal = {
    ...{ v: 1, id: crypto.randomUUID(), started: started.toISOString() },
    ...termsNow(lab, root),
    ...{ engine, seed: `${seed}`, checks: idsOf(checks), whole: checks.length === all.length },
    ...{ timeout: values.timeout ?? null, image: values.image ?? null },
    ...{ formats: formats.length > 0 ? formats : ["json"], policy: policy ?? OPEN },
    submissions: entriesOf(submissions, { lab, engine, image: values.image ?? null }),
  };
  const out = values.out === undefined
    ? freshFolder(outFolder(undefined, root), lab.manifest.id, started)
    : resolve(values.out);
  return await taken(out, async (folder) => {
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
  { values, root, positionals: [, ...paths] }: GradeContext,
  { lab, all, formats, policy }: Wanted,
): Promise<Batch> {
  const out = values.out === undefined
    ? latestFolder(outFolder(undefined, root), lab.manifest.id)
    : resolve(values.out);
  return await taken(out, async (folder) => {
    const journal = folder.journal();
    if (journal === null) {
      throw new UsageError(`Leave out --resume to begin one: there is no batch in ${out}`);
    }
    const { only, seed, timeout, image, engine } = values;
    const unlike = unlikeTerms(journal, {
      ...termsNow(lab, root),
      ...(only.length > 0 && {
        checks: idsOf(all).filter((id) => only.includes(id)),
      }),
      ...(seed !== undefined && { seed: `${parseSeed(seed)}` }),
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

/** Takes a folder for a batch; gives it free again where that cannot be had. */
async function taken(
  path: string,
  act: (folder: BatchFolder) => Promise<Journal>,
): Promise<Batch> {
  const folder = BatchFolder.take(path);
  try {
    return { folder, journal: await act(folder) };
  } catch (error) {
    folder[Symbol.dispose]();
    throw error;
  }
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

function formatsOf({ format }: GradeValues): FormatName[] {
  const formats = [...new Set(format)] as FormatName[];
  for (const name of formats) {
    const format: BatchFormat | SubmissionFormat = FORMATS[name];
    const needs = format.of === "submission" ? format.needs ?? [] : [];
    const missing = needs.filter((variable) => !Deno.env.get(variable));
    if (missing.length === 0) continue;
    throw new UsageError(
      `Set ${missing.join(", ")}, or leave out --format ${name}: it cannot do without them`,
    );
  }
  return formats;
}

function readPolicy(path: string, all: readonly Check[]): Policy {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    throw new UsageError(`Give --policy a file that can be read, not ${path}: ${reasonOf(error)}`);
  }
  return parsePolicy(text, path, idsOf(all));
}
