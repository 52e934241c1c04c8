/** The command line of socklab: finds the verb, checks its arguments, runs it, reports faults. */
import { dirname, fromFileUrl } from "./paths.ts";
import { nearest } from "../src/lab/mod.ts";
import { OutputClosed, processOutput } from "./output.ts";
import { parseVerbArgs } from "./parse.ts";
import { type Output, UsageError, type Verb } from "./verb.ts";
import { loadVerb, VERBS } from "./verbs.ts";

/** What the command line stands on; tests give their own. */
export interface Surroundings {
  output: Output;
  /** The checkout. */
  root: string;
  /** Finds a verb by name; undefined where there is none. */
  load?: (name: string) => Promise<Verb | undefined>;
  /** Print the stack of faults that are ours. */
  debug?: boolean;
}

/** Runs `./lab ARGS`; resolves to the exit status: 0 done, 1 ran and failed, 2 usage, 3 our side. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(args, surroundings);
  } catch (error) {
    return report(error, surroundings);
  }
}

async function dispatch(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { output, root, load = loadVerb } = surroundings;
  const [first, ...rest] = args;
  if (first === "--version" || first === "-V") {
    output.out(`socklab ${version(root)} (deno ${Deno.version.deno})\n`);
    return 0;
  }
  const helpFor = first === "help" ? rest[0] : undefined;
  const wantsOverview = first === undefined || first === "--help" || first === "-h" ||
    (first === "help" && (helpFor === undefined || helpFor.startsWith("-")));
  if (wantsOverview) {
    const { overview } = await import("./help.ts");
    const { loadAllVerbs } = await import("./verbs.ts");
    const { verbs, unusable } = await loadAllVerbs();
    output.out(overview(verbs, output.style, unusable));
    return 0;
  }
  const name = helpFor ?? first;
  const verb = await load(name);
  if (!verb) throw unknownVerb(name);
  const parsed = helpFor === undefined ? parseVerbArgs(verb, rest) : { help: true as const };
  if (parsed.help) {
    const { verbHelp } = await import("./help.ts");
    output.out(verbHelp(verb, output.style));
    return 0;
  }
  return await verb.run({ ...parsed, output, root });
}

function unknownVerb(name: string): UsageError {
  if (name.startsWith("-")) {
    return new UsageError(`Give a verb before '${name}': ./lab VERB [options], ./lab --help`);
  }
  if ((VERBS as readonly string[]).includes(name)) {
    return new UsageError(
      `Update this checkout to use '${name}': it has no scripts/${name.replaceAll("-", "_")}.ts`,
    );
  }
  const near = nearest(name, VERBS);
  if (near) return new UsageError(`Write './lab ${near}', not './lab ${name}'`);
  if (/^lab\d+$/.test(name)) {
    return new UsageError(`Write './lab run ${name}': '${name}' is a lab, not a verb`);
  }
  return new UsageError(`Use one of ${VERBS.join(", ")}: there is no verb '${name}'`);
}

/**
 * Errors whose message is a line for the user, with their exit status. By name: loading the rooms
 * that some of them are from would cost every start.
 */
const KNOWN: Readonly<Record<string, number>> = {
  ProgramError: 1,
  UsageError: 2,
  ProfileError: 2,
  LabError: 2,
  UnfitError: 2,
  RejectedError: 2,
  BatchError: 2,
  PolicyError: 2,
  MachineError: 3,
  LinkRefusal: 2,
  LinkError: 3,
};

/** Writes one line about the error and returns the exit status that belongs to it. */
export function report(error: unknown, { output, debug }: Surroundings): number {
  if (error instanceof OutputClosed) return 0;
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error ? KNOWN[error.name] : undefined;
  if (status !== undefined) {
    output.err(`lab: ${message}\n`);
    if (debug && error instanceof Error && error.stack) output.err(`${error.stack}\n`);
    return status;
  }
  if (/os error (?:28|122)\b/.test(message)) {
    output.err(`lab: Make room on the disk: ${message}\n`);
    return 3;
  }
  const kind = error instanceof Error && error.name !== "Error" ? `${error.name}: ` : "";
  const line = message.split("\n").map((part) => part.trim()).filter(Boolean).join("; ");
  const more = debug ? "" : "; set LAB_DEBUG=1 to see where";
  output.err(`lab: ${kind}${line} (this is a fault of socklab, not of your program${more})\n`);
  if (debug && error instanceof Error && error.stack) output.err(`${error.stack}\n`);
  return 3;
}

function version(root: string): string {
  const config = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`)) as { version?: string };
  return config.version ?? "unknown";
}

if (import.meta.main) {
  const surroundings: Surroundings = {
    output: processOutput(),
    root: dirname(dirname(fromFileUrl(import.meta.url))),
    debug: (Deno.env.get("LAB_DEBUG") ?? "") !== "",
  };
  // What nobody awaited would end the process with a stack and status 1: report it as ours instead.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    Deno.exit(report(event.reason, surroundings));
  });
  Deno.exit(await main(Deno.args, surroundings));
}
