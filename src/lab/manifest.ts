/** A lab's manifest: the type of `lab.json`, and its reading with errors that say what to write. */
import { LabError } from "./error.ts";
import schema from "./lab.schema.json" with { type: "json" };
import { faultOf } from "./schema.ts";

/** What carries a lab's protocol. */
export type Transport = "udp" | "tcp";

/** The file names of a pair of programs, the same in `solution/` and `starter/`. */
export interface ProgramNames {
  server: string;
  client: string;
  /** A client that opens many connections by itself, in labs that compare servers under load. */
  swarm?: string;
}

/** The programs' arguments, with placeholders that {@linkcode fillTemplate} fills. */
export interface ProgramArguments {
  server: string[];
  /** The client reads lines from its standard input. */
  keyboard: string[];
  /** The client sends numbered requests by itself; absent where a lab's client cannot. */
  pinger?: string[];
  /** The swarm's. It prints one line of JSON at last, see {@linkcode parseSwarmResult}. */
  swarm?: string[];
}

/** Another pair of programs of a lab; what it does not say is as in the lab's own pair. */
export interface Variant {
  transport?: Transport;
  programs: ProgramNames;
  /** The lists that differ. */
  arguments?: Partial<ProgramArguments>;
  /** The lines that its client is given, where they are others. */
  lines?: string[];
}

/** What a program may be permitted beyond the network, its environment and its own folder, by Deno's words. */
export type Permission = "run" | "ffi";

/** What a server may take in a container, where the usual 1,024 MB and 512 threads are too little. */
export interface Resources {
  memory_mb: number;
  /** Threads of all its processes. */
  pids: number;
}

/** A lab-specific part of what a run tells: the steps of connections, states of sockets, the folder of logs. */
export type Shown = "handshake" | "states" | "logs";

/** The least and the most that is allowed, both included. */
export interface Range {
  min: number;
  max: number;
}

/** What a run takes where its caller does not say. */
export interface RunDefaults {
  /** Requests that a client sends by itself; absent, as the next two, where none does. */
  count?: number;
  /** Milliseconds from one request to the next. */
  interval_ms?: number;
  /** Payload bytes of a request. */
  size_bytes?: number;
  /** Connections that a swarm holds at once. */
  swarm?: number;
  /** Milliseconds that a client waits for an answer. */
  timeout_ms: number;
  /** Profile towards the server, in tc's words. */
  up: string;
  /** Profile towards the clients. */
  down: string;
}

/** What a caller may ask of a run; there is a limit for each of the numbers in the defaults. */
export interface RunLimits {
  count?: Range;
  interval_ms?: Range;
  size_bytes?: Range;
  swarm?: Range;
}

/**
 * How an answer follows from its request.
 *
 * - `upper`: a-z turned to A-Z, every other byte as it is
 * - `same`: the request's own bytes
 * - `stamped`: `[`, the time as C's ctime has it, `] `, and the request
 * - `date`: the date, whatever was asked
 */
export type AnswerRule = "upper" | "same" | "stamped" | "date";

/** The content of a `lab.json`. The schema beside this file says what each field may hold. */
export interface LabManifest {
  /** `lab3`: the name of the lab on the command line and in Compose. */
  id: string;
  title: string;
  /** What a student learns, in one line. */
  teaches: string;
  transport: Transport;
  /** The port that the server listens on. */
  port: number;
  programs: ProgramNames;
  /** Other pairs by name: the stem of the file that sets one apart. The server's stem is the first pair's name. */
  variants?: Record<string, Variant>;
  /** Pairs that a run without a choice runs one after the other, to set them side by side. */
  compare?: string[];
  /** What a client reads where it does nothing by itself and its user gives no input, line by line. */
  lines?: string[];
  answer: AnswerRule;
  arguments: ProgramArguments;
  /** What programs of these file names may do besides what each may. */
  permits?: Record<string, Permission[]>;
  resources?: Resources;
  shows?: Shown[];
  defaults: RunDefaults;
  limits: RunLimits;
}

/**
 * Returns the manifest in the text of a `lab.json`.
 *
 * @param text The file's content.
 * @param file The file's name, for messages.
 * @throws {LabError} with the file, the field and what to write, if anything is wrong.
 */
export function parseManifest(text: string, file: string): LabManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new LabError(`${file}: write valid JSON (${(cause as Error).message})`, { cause });
  }
  const fault = faultOf(value, schema) ?? inconsistency(value as LabManifest);
  if (fault !== null) throw new LabError(`${file}: ${fault}`);
  return value as LabManifest;
}

/** What a schema cannot say: ranges the right way round, defaults within them, names that there are. */
function inconsistency(manifest: LabManifest): string | null {
  const { limits, defaults } = manifest;
  for (const key of ["count", "interval_ms", "size_bytes", "swarm"] as const) {
    const range = limits[key], value = defaults[key];
    if (range === undefined && value === undefined) continue;
    if (range === undefined) return `add limits.${key}: defaults.${key} needs its range`;
    const { min, max } = range;
    if (min > max) return `write limits.${key}.max as ${min} or more, not ${max}`;
    if (value === undefined) return `add defaults.${key}: limits.${key} is there`;
    if (value < min || value > max) {
      return `write defaults.${key} as ${min} to ${max} (its limits), not ${value}`;
    }
  }
  return misnamed(manifest);
}

/** Names of pairs that lead nowhere, or to two. */
function misnamed({ programs, variants = {}, compare = [] }: LabManifest): string | null {
  const own = stemOf(programs.server);
  if (Object.hasOwn(variants, own)) {
    return `rename variants.${own}: that is the name of the lab's own pair, by its server`;
  }
  for (const [name, pair] of Object.entries(variants)) {
    if (Object.values(pair.programs).some((file) => stemOf(file) === name)) continue;
    return `rename variants.${name}: the stem of one of its files, such as ${
      stemOf(pair.programs.server)
    }`;
  }
  const names = [own, ...Object.keys(variants)];
  for (const [i, name] of compare.entries()) {
    if (!names.includes(name)) {
      return `write compare[${i}] as one of ${names.join(", ")}, not ${name}`;
    }
  }
  return null;
}

/** A program's name: its file's, without the ending. */
export function stemOf(file: string): string {
  return file.replace(/\.[^.]*$/, "");
}
