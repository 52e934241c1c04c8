/** Which of a lab's programs a check is about, and who knows how it is started. */
import type { ProgramSpec } from "../engine/mod.ts";
import { type Lab, pairNames, pairWith, type RunRequest, stemOf, withPair } from "../lab/mod.ts";
import type { ClientOptions } from "./check.ts";

/** What the command line of a program needs to know. */
export interface SpecOptions {
  /** Where runs leave what they make: it may write the folder `LAB/logs` below. */
  out: string;
}

/** Knows how the programs of a submission are started. */
export interface Submission {
  /** Its folder or file, as results name it. */
  name: string;
  /** The file that is missing for a program, such as `server.ts`; null where none is. */
  missing(program: string): string | null;
  /** The command line of the server of this name. @throws {LabError} where it cannot be run. */
  server(program: string, options: SpecOptions): ProgramSpec;
  /** The command line of the client of this name, for a server at this address. */
  client(
    program: string,
    options: SpecOptions & Pick<ClientOptions, "mode" | "values"> & { host: string },
  ): ProgramSpec;
}

/** The names of a lab's programs that checks may judge, each once: servers and their clients, pair by pair. */
export function programsOf(lab: Lab): string[] {
  const stems = pairNames(lab.manifest).flatMap((name) => {
    const { server, client } = withPair(lab, name).manifest.programs;
    return [server, client].map(stemOf);
  });
  return [...new Set(stems)];
}

/** What a program of this name is in its lab. */
export interface ProgramPlace {
  /** The lab with the pair that the program belongs to as its own. */
  lab: Lab;
  role: "server" | "client";
  /** The file's name in the lab. */
  file: string;
}

/** Returns what a program of this name is. @throws {LabError} where the lab has none of the name. */
export function placeOf(lab: Lab, program: string): ProgramPlace {
  const paired = pairWith(lab, program);
  const { server, client } = paired.manifest.programs;
  const role = stemOf(server) === program ? "server" : "client";
  return { lab: paired, role, file: role === "server" ? server : client };
}

/** Returns what a check asks of a client, in the words of its lab. */
export function requestOf(
  { timeout, count, interval, size }: NonNullable<ClientOptions["values"]> = {},
): RunRequest {
  return {
    ...(timeout === undefined ? {} : { timeout_ms: timeout }),
    ...(count === undefined ? {} : { count }),
    ...(interval === undefined ? {} : { interval_ms: interval }),
    ...(size === undefined ? {} : { size_bytes: size }),
  };
}

/** Returns the command line with what a check adds to it. */
export function withStart(
  spec: ProgramSpec,
  { args = [], env = {} }: { args?: readonly string[]; env?: Readonly<Record<string, string>> },
): ProgramSpec {
  const { container } = spec;
  return {
    ...spec,
    command: [...spec.command, ...args],
    ...(container === undefined
      ? {}
      : { container: { ...container, command: [...container.command, ...args] } }),
    env: { ...spec.env, ...env },
  };
}
