/** What `lab check` does: finds the checks and the programs, runs, tells. */
import type { ProgramSpec } from "../src/engine/mod.ts";
import { type Check, placeOf, runChecks, statusOf, type Submission } from "../src/grade/mod.ts";
import { findLab, type Lab, nearest } from "../src/lab/mod.ts";
import { CheckReport } from "./check_report.ts";
import { chooseEngine, type EngineChoice } from "./engine_choice.ts";
import { Interrupt } from "./interrupt.ts";
import { drawSeed, parseSeed } from "./link_options.ts";
import { findSubmission } from "./submission.ts";
import { type Context, type Output, UsageError } from "./verb.ts";

/** The parsed options of `lab check`. */
export interface CheckValues {
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
  const { submission, programs } = findSubmission(root, lab, { path: positionals[1], program });
  const checks = choose(lab, all, values, programs);
  for (const line of leftOut(all, values, programs)) output.err(`lab: ${line}\n`);
  const specs = specsOf(lab, submission, checks);
  const chosen = chooseEngine({ engine: values.engine, driver: "tun" }, specs);
  const seed = values.seed === undefined ? drawSeed() : parseSeed(values.seed);
  const engine = chosen === "auto" ? fitting(specs, output) : chosen;
  const report = new CheckReport(output, { lab: lab.manifest, checks, values, seed });
  using interrupt = new Interrupt();
  try {
    const result = await runChecks({
      lab,
      checks,
      submission,
      engine,
      seed,
      version: versionOf(root),
      onNotice: (line) => report.notice(line),
      onCheck: (check, index) => report.begin(check, index),
      onResult: (one) => report.result(one),
      signal: interrupt.signal,
    });
    report.end(result);
    return statusOf(result.checks);
  } catch (error) {
    report.clear();
    if (interrupt.signal.aborted) return 130;
    throw error;
  }
}

/** The command lines of the programs that are there; what is wrong with a file is found here, before anything is started. */
function specsOf(lab: Lab, submission: Submission, checks: readonly Check[]): ProgramSpec[] {
  const programs = [...new Set(checks.map(({ program }) => program))];
  return programs.filter((program) => submission.missing(program) === null).map((program) => {
    const options = { out: "/tmp", host: "server" };
    const { role } = placeOf(lab, program);
    return submission[role](program, options);
  });
}

/** Programs that containers have nothing to run with take the engine that can, where there is one. */
function fitting(specs: readonly ProgramSpec[], output: Output): EngineChoice {
  const foreign = specs.find(({ container }) => container === undefined);
  if (foreign === undefined || Deno.build.os !== "linux") return "auto";
  output.err(
    `lab: On the local engine: containers have nothing to run ${foreign.command[0]} with\n`,
  );
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
