/** From a lab and options to the command lines of its programs. */
import { resolve } from "node:path";
import type { ProgramSpec } from "../src/engine/mod.ts";
import {
  clientArguments,
  type ClientRequest,
  type Lab,
  type Program,
  programCommand,
  resolveProgram,
  type Resources,
  serverArguments,
  writesLogs,
} from "../src/lab/mod.ts";
import { importsOf } from "./paths.ts";

/** Where the tools are in the image of programs. */
const IMAGE_TOOLS = { deno: "deno", imports: "/opt/socklab/imports.json", cached: false };

/** Returns where the checkout's tools are. */
export function toolsOf(root: string): { deno: string; imports: string } {
  return { deno: Deno.execPath(), imports: importsOf(root) };
}

/** A program to run, and the file that it is. */
export interface LabProgram {
  spec: ProgramSpec;
  path: string;
}

/** What a server is asked to do. */
export interface ServerOptions {
  path?: string | undefined;
  /** Its address as clients have it: of IPv6, it must listen there. Default: of IPv4. */
  host?: string;
  /** Where runs leave their artifacts, and a server what it writes: `LAB/logs` below it. */
  out: string;
}

/**
 * Returns the lab's server, or the one at `path`.
 *
 * @throws {LabError} saying what to do, where it cannot be run.
 */
export function serverProgram(
  root: string,
  lab: Lab,
  { path, host, out }: ServerOptions,
): LabProgram {
  const { id, resources } = lab.manifest;
  const program = resolveProgram(lab, "server", path === undefined ? {} : { path });
  const logs = `${resolve(out)}/${id}/logs`;
  const writes = writesLogs(lab.manifest) ? logs : undefined;
  const args = serverArguments(lab.manifest, { host, logs });
  return asProgram(program, args, root, { writes, resources });
}

/** What a client is asked to do. */
export interface ClientOptions extends ClientRequest {
  path?: string | undefined;
}

/**
 * Returns the lab's client, or the one at `path`, with its arguments.
 *
 * @throws {LabError} where an option is outside the lab's limits, or the program cannot be run.
 */
export function clientProgram(root: string, lab: Lab, options: ClientOptions): LabProgram {
  const { path, ...request } = options;
  const role = request.mode === "swarm" ? "swarm" : "client";
  const program = resolveProgram(lab, role, path === undefined ? {} : { path });
  const args = clientArguments(lab.manifest, request);
  return asProgram(program, args, root);
}

function asProgram(
  program: Program,
  args: string[],
  root: string,
  { writes, resources }: { writes?: string | undefined; resources?: Resources | undefined } = {},
): LabProgram {
  const { path, folder, config } = program;
  const container = program.runner === "deno"
    ? {
      command: programCommand(program, args, { ...IMAGE_TOOLS, writes }),
      reads: [path, ...(config === undefined ? [] : [config])],
      ...(resources && {
        limits: { memory: resources.memory_mb * 2 ** 20, pids: resources.pids },
      }),
    }
    : null;
  return {
    spec: {
      command: programCommand(program, args, { ...toolsOf(root), writes }),
      ...(container === null ? {} : { container }),
      ...(writes === undefined ? {} : { writes: [writes] }),
      cwd: folder,
      // Its output goes into a pipe and is shown among others': colours would only be in the way.
      env: { NO_COLOR: "1" },
    },
    path,
  };
}
