/** From a lab and options to the command lines of its programs. */
import { resolve } from "node:path";
import type { ProgramSpec } from "../src/engine/mod.ts";
import {
  completeRequest,
  fillTemplate,
  type Lab,
  type Program,
  programCommand,
  resolveProgram,
  type Resources,
  type RunRequest,
} from "../src/lab/mod.ts";
import type { ClientMode } from "./client_mode.ts";
import { importsOf } from "./paths.ts";

/** Where the tools are in the image of programs. */
const IMAGE_TOOLS = { deno: "deno", imports: "/opt/socklab/imports.json" };

/** Where the checkout's tools are. */
function tools(root: string) {
  return {
    deno: Deno.execPath(),
    imports: importsOf(root),
  };
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
  host?: string | undefined;
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
  { path, host = "", out }: ServerOptions,
): LabProgram {
  const { id, port, resources, arguments: { server } } = lab.manifest;
  const program = resolveProgram(lab, "server", path === undefined ? {} : { path });
  const logs = `${resolve(out)}/${id}/logs`;
  const writes = server.some((word) => word.includes("{logs}")) ? logs : undefined;
  const args = fillTemplate(server, { port, logs });
  // Programs take --host, and listen on all addresses of IPv4 unless it says otherwise.
  const whole = host.includes(":") ? [...args, "--host", "::"] : args;
  return asProgram(program, whole, root, { writes, resources });
}

/** What a client is asked to do. */
export interface ClientOptions extends RunRequest {
  /** Address of the server. */
  host: string;
  path?: string | undefined;
  mode: ClientMode;
}

/**
 * Returns the lab's client, or the one at `path`, with its arguments.
 *
 * @throws {LabError} where an option is outside the lab's limits, or the program cannot be run.
 */
export function clientProgram(root: string, lab: Lab, options: ClientOptions): LabProgram {
  const { host, path, mode, ...request } = options;
  const { manifest } = lab;
  const role = mode === "swarm" ? "swarm" : "client";
  const program = resolveProgram(lab, role, path === undefined ? {} : { path });
  const { count, interval_ms, size_bytes, swarm, timeout_ms } = completeRequest(manifest, request);
  const args = fillTemplate(manifest.arguments[mode] ?? [], {
    host,
    port: manifest.port,
    timeout: timeout_ms,
    ...(count === undefined ? {} : { count }),
    ...(interval_ms === undefined ? {} : { interval: interval_ms }),
    ...(size_bytes === undefined ? {} : { size: size_bytes }),
    ...(swarm === undefined ? {} : { swarm }),
  });
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
      command: programCommand(program, args, { ...tools(root), writes }),
      ...(container === null ? {} : { container }),
      ...(writes === undefined ? {} : { writes: [writes] }),
      cwd: folder,
      // Its output goes into a pipe and is shown among others': colours would only be in the way.
      env: { NO_COLOR: "1" },
    },
    path,
  };
}
