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
}

/** The least and the most that is allowed, both included. */
export interface Range {
  min: number;
  max: number;
}

/** What a run takes where its caller does not say. */
export interface RunDefaults {
  /** Requests that a client sends in pinger mode. */
  count: number;
  /** Milliseconds from one request to the next. */
  interval_ms: number;
  /** Payload bytes of a request. */
  size_bytes: number;
  /** Milliseconds that a client waits for an answer. */
  timeout_ms: number;
  /** Profile towards the server, in tc's words. */
  up: string;
  /** Profile towards the clients. */
  down: string;
}

/** What a caller may ask of a run. */
export interface RunLimits {
  count: Range;
  interval_ms: Range;
  size_bytes: Range;
}

/** How an answer follows from its request. `upper`: a-z turned to A-Z, every other byte as it is. */
export type AnswerRule = "upper";

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
  /** Other pairs of programs by name; one without a `transport` has the lab's. */
  variants?: Record<string, { transport?: Transport; programs: ProgramNames }>;
  answer: AnswerRule;
  /** The programs' arguments, with placeholders that {@linkcode fillTemplate} fills. */
  arguments: {
    server: string[];
    /** The client reads lines from its standard input. */
    keyboard: string[];
    /** The client sends numbered requests by itself; absent where a lab's client cannot. */
    pinger?: string[];
  };
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

/** What a schema cannot say: ranges the right way round, and defaults within them. */
function inconsistency({ limits, defaults }: LabManifest): string | null {
  for (const key of ["count", "interval_ms", "size_bytes"] as const) {
    const { min, max } = limits[key];
    if (min > max) return `write limits.${key}.max as ${min} or more, not ${max}`;
    const value = defaults[key];
    if (value < min || value > max) {
      return `write defaults.${key} as ${min} to ${max} (its limits), not ${value}`;
    }
  }
  return null;
}
