/** What `lab check` does: finds the checks and the programs, runs, tells. */
import { onEngine } from "../src/engine/mod.ts";
import {
  type Check,
  runChecks,
  type RunChecksOptions,
  SANDBOX_PLACE,
  shown,
  statusOf,
  type Submission,
} from "../src/grade/mod.ts";
import { findLab, type Lab, nearest } from "../src/lab/mod.ts";
import { ambientOf, type AmbientValues } from "./ambient_options.ts";
import { CheckReport } from "./check_report.ts";
import { chooseEngine, type EngineChoice } from "./engine_choice.ts";
import { Interrupt } from "./interrupt.ts";
import { toolsOf } from "./lab_programs.ts";
import { drawSeed, parseSeed } from "./link_options.ts";
import { findSubmission, type Found } from "./submission.ts";
import { type Context, type Output, UsageError } from "./verb.ts";

/** The parsed options of `lab check`. */
export interface CheckValues extends AmbientValues {
  engine?: EngineChoice | undefined;
  only: string[];
  program?: string | undefined;
  seed?: string | undefined;
  json: boolean;
  all: boolean;
  list: boolean;
}

/** Runs a lab's checks as its options say; returns the exit status. */
export async function checkLab(context: Context<CheckValues>): Promise<number> {
  const { values, root, positionals, output } = context;
  const lab = findLab(root, positionals[0]!);
  const all = await loadChecks(lab);
  if (values.list) {
    output.out(listText(choose(lab, all, values, all.map(({ program }) => program))));
    return 0;
  }
  const { program } = values;
  const found = findSubmission(lab, { path: positionals[1], program });
  const checks = choose(lab, all, values, found.programs);
  for (const note of found.snapshot.notes) output.err(`lab: ${note}\n`);
  for (const line of leftOut(all, values, found.programs)) output.err(`lab: ${line}\n`);
  const chosen = chooseEngine({ engine: values.engine, driver: "tun" }, []);
  const seed = values.seed === undefined ? drawSeed() : parseSeed(values.seed);
  const ambient = ambientOf(values) ?? null;
  const engine = chosen === "auto" ? fitting(found, output) : chosen;
  const report = new CheckReport(output, { lab: lab.manifest, checks, values, seed });
  using interrupt = new Interrupt();
  const { signal } = interrupt;
  const onNotice = (line: string) => report.notice(line);
  const run = (where: Pick<RunChecksOptions, "engine" | "submission" | "sandbox">) =>
    runChecks({
      ...where,
      ...{ lab, checks, seed, ambient, signal, onNotice },
      version: versionOf(root),
      onCheck: (check, index) => report.begin(check, index),
      onResult: (one) => report.result(one),
    });
  try {
    const result = await onEngine(engine, {
      docker: () => run({ engine: "docker", ...shutIn(found) }),
      local: () => run({ engine: "local", submission: inPlace(root, found) }),
    }, { signal, onNotice });
    report.end(result);
    return statusOf(result.checks);
  } catch (error) {
    report.clear();
    if (signal.aborted) return 130;
    throw error;
  }
}

/** In containers of its own, as when it is graded. */
export function shutIn(
  { handed, snapshot }: Pick<Found, "handed" | "snapshot">,
): Pick<RunChecksOptions, "submission" | "sandbox"> {
  const { image, at } = handed;
  return { submission: at(SANDBOX_PLACE), sandbox: { image, files: snapshot.files } };
}

/** Where it lies: what it prints of itself then leads there. */
export function inPlace(
  root: string,
  { handed, folder }: Pick<Found, "handed" | "folder">,
): Submission {
  return handed.at({ ...toolsOf(root), folder });
}

/** Programs that our images are not made for take the engine that runs what this machine does, where there is one. */
function fitting({ handed: { foreign } }: Found, output: Output): EngineChoice {
  if (foreign === null || Deno.build.os !== "linux") return "auto";
  output.err(`lab: On the local engine: containers have nothing to run ${shown(foreign)} with\n`);
  return "local";
}

/** Loads a lab's checks. @throws {UsageError} Where it has none. */
export async function loadChecks(lab: Lab): Promise<readonly Check[]> {
  const url = new URL("file:///");
  url.pathname = `${lab.folder}/checks.ts`;
  try {
    Deno.statSync(url);
  } catch {
    throw new UsageError(`Choose another lab: ${lab.manifest.id} has no checks`);
  }
  return ((await import(url.href)) as { checks: readonly Check[] }).checks;
}

/** Expects that a lab's checks have these ids among theirs. @throws {UsageError} naming the first that none has. */
export function expectChecks(lab: Lab, all: readonly Check[], ids: readonly string[]): void {
  for (const id of ids) {
    if (all.some((check) => check.id === id)) continue;
    const near = nearest(id, all.map((check) => check.id));
    throw new UsageError(
      `Give --only the id of a check (./lab check ${lab.manifest.id} --list), not '${id}'` +
        (near === undefined ? "" : ` (did you mean ${near}?)`),
    );
  }
}

function choose(
  lab: Lab,
  all: readonly Check[],
  { only }: CheckValues,
  programs: readonly string[],
): readonly Check[] {
  expectChecks(lab, all, only);
  const chosen = all.filter(({ id, program }) =>
    programs.includes(program) && (only.length === 0 || only.includes(id))
  );
  if (chosen.length > 0) return chosen;
  throw new UsageError("Leave out --only, or --program: no check is left");
}

/** For each check that was asked for and is of a program that is not judged, a line that says so. */
function leftOut(
  all: readonly Check[],
  { only }: CheckValues,
  programs: readonly string[],
): string[] {
  return all.filter(({ id, program }) => only.includes(id) && !programs.includes(program))
    .map(({ id, program }) =>
      `Check ${program} too for ${id}: it is not judged here, only ${programs.join(", ")}`
    );
}

function listText(checks: readonly Check[]): string {
  const wide = Math.max(...checks.map(({ id }) => id.length));
  const lines = checks.map(({ id, title, points, program }) =>
    `${id.padEnd(wide)}  ${String(points).padStart(3)}  ${program}: ${title}\n`
  );
  return lines.join("");
}

/** The version of the project. */
export function versionOf(root: string): string {
  const config = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as { version?: string };
  return config.version ?? "unknown";
}
