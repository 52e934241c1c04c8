/** What a run is made of, from what its caller said: everything that can be wrong with that is found here. */
import { resolve } from "node:path";
import {
  type ClientMode,
  type Lab,
  pairNames,
  programIn,
  stemOf,
  withPair,
} from "../src/lab/mod.ts";
import { checkAmounts, clientMode } from "./client_mode.ts";
import { chooseEngine, type EngineChoice } from "./engine_choice.ts";
import { clientProgram, type LabProgram, serverProgram } from "./lab_programs.ts";
import { type LinkPlan, type LinkValues, planLink } from "./link_options.ts";
import { inputOf, linesInput } from "./run_input.ts";
import { UsageError } from "./verb.ts";

/** The parsed options of `lab run`. */
export interface RunValues extends LinkValues {
  engine?: EngineChoice | undefined;
  driver: "auto" | "tc" | "tun";
  program?: string | undefined;
  count?: number | undefined;
  interval?: number | undefined;
  size?: number | undefined;
  swarm?: number | undefined;
  clients: number;
  server?: string | undefined;
  client?: string | undefined;
  input?: string | undefined;
  watch: boolean;
  out?: string | undefined;
  json: boolean;
  quiet: boolean;
}

/** One pair of programs, ready to be started. */
export interface SettledPair {
  name: string;
  /** The lab with this pair as its own. */
  lab: Lab;
  mode: ClientMode;
  /** For a server at this address. */
  server: (host: string) => LabProgram;
  /** For a server at this address. */
  client: (host: string) => LabProgram;
  /** What a client reads, anew for each; undefined for nothing. */
  input: () => ReadableStream<Uint8Array> | undefined;
}

/** What a run is made of, settled before anything is started. */
export interface Settled {
  lab: Lab;
  engine: EngineChoice;
  link: LinkPlan;
  /** The pairs to run, one after the other: one at least. */
  pairs: [SettledPair, ...SettledPair[]];
  /** Whether they are set side by side in a table. */
  compared: boolean;
  /** Where artifacts go, an absolute path. */
  out: string;
}

/** Where artifacts go, by the option or the environment. */
export function outFolder(out: string | undefined, root: string): string {
  return resolve(out ?? (Deno.env.get("LAB_OUT") || `${root}/out`));
}

/**
 * Settles a run.
 *
 * @param standing The name of the pair that serves already on the lab that is up; null where none does.
 * @throws {UsageError | LabError | ProfileError} In one line, saying what to do.
 */
export function settle(
  lab: Lab,
  values: RunValues,
  root: string,
  standing: string | null,
): Settled {
  const names = namesOf(lab, values, standing);
  const out = outFolder(values.out, root);
  const pairs = names.map((name) => settlePair(withPair(lab, name), name, values, root, out));
  const compared = names.length > 1 || pairs[0]!.mode === "swarm";
  checkInput(values, compared);
  return {
    lab,
    engine: chooseEngine(
      values,
      pairs.flatMap(({ server, client }) => [server("server").spec, client("server").spec]),
    ),
    link: planLink(values, lab.manifest.defaults),
    pairs: pairs as [SettledPair, ...SettledPair[]],
    compared,
    out,
  };
}

/** The pairs to run: the one chosen, or that stands, or those that the lab compares, of a user's folder those in it. */
function namesOf(lab: Lab, values: RunValues, standing: string | null): string[] {
  const { id, compare, programs } = lab.manifest;
  const { program, server, client, input } = values;
  const chosen = program?.replace(/\.ts$/, "");
  if (standing !== null && chosen !== undefined && chosen !== standing) {
    throw new UsageError(
      `End the lab with ./lab down ${id} to run ${chosen}: ${id} is up with ${standing}`,
    );
  }
  if (chosen !== undefined || standing !== null) return [chosen ?? standing!];
  const single = [pairOfPath(lab, server) ?? stemOf(programs.server)];
  if (compare === undefined || input !== undefined) return single;
  if (![server, client].every((path) => path === undefined || isFolder(path))) return single;
  const there = compare.filter((name) => isIn(withPair(lab, name), { server, client }));
  return there.length === 0 ? single : there;
}

/** Whether the user's folders have the programs of a lab's own pair. */
function isIn({ manifest: { programs } }: Lab, folders: Pick<RunValues, "server" | "client">) {
  return (["server", "client"] as const).every((role) =>
    folders[role] === undefined || programIn(folders[role], programs[role]) !== null
  );
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // Whoever runs it says why.
  }
}

/** The pair that a server's file belongs to, by its name; null where it is no name of a pair. */
export function pairOfPath(lab: Lab, path = ""): string | null {
  const stem = stemOf(path.slice(path.lastIndexOf("/") + 1));
  return pairNames(lab.manifest).includes(stem) ? stem : null;
}

function settlePair(
  lab: Lab,
  name: string,
  values: RunValues,
  root: string,
  out: string,
): SettledPair {
  const { manifest } = lab;
  const mode = clientMode(manifest, values);
  checkAmounts(mode, manifest, values);
  const input = mode !== "keyboard"
    ? () => undefined
    : values.input === undefined
    ? linesInput(manifest)
    : () => inputOf(values.input!);
  if (values.input !== undefined && values.input !== "-") inputOf(values.input);
  return {
    name,
    lab,
    mode,
    input,
    client: (host) =>
      clientProgram(root, lab, {
        host,
        path: values.client,
        mode,
        ...(values.count === undefined ? {} : { count: values.count }),
        ...(values.interval === undefined ? {} : { interval_ms: values.interval }),
        ...(values.size === undefined ? {} : { size_bytes: values.size }),
        ...(values.swarm === undefined ? {} : { swarm: values.swarm }),
      }),
    server: (host) => serverProgram(root, lab, { path: values.server, host, out }),
  };
}

/** Refuses what one keyboard, or one table, cannot have. */
function checkInput(values: RunValues, compared: boolean): void {
  if (values.input === "-" && values.clients > 1) {
    throw new UsageError(
      "Give --input a file for several clients: one keyboard cannot serve them all",
    );
  }
  if (values.watch && values.input === "-") {
    throw new UsageError(
      "Leave out --watch, or give --input a file: the keyboard cannot be read again",
    );
  }
  if (compared && values.clients > 1) {
    throw new UsageError(
      "Leave out --clients, or give --input FILE: programs are compared with one client each",
    );
  }
}
