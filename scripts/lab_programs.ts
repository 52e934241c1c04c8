/** From a lab and options to the command lines of its programs. */
import type { ProgramSpec } from "../src/engine/mod.ts";
import {
  completeRequest,
  fillTemplate,
  type Lab,
  type Program,
  programCommand,
  resolveProgram,
  type RunRequest,
} from "../src/lab/mod.ts";
import { UsageError } from "./verb.ts";

/** Where the tools are in the image of programs. */
const IMAGE_TOOLS = { deno: "deno", imports: "/opt/socklab/imports.json" };

/** Where the checkout's tools are. */
function tools(root: string) {
  return {
    deno: Deno.execPath(),
    imports: Deno.env.get("LAB_IMPORTS") ?? `${root}/labs/imports.json`,
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
}

/**
 * Returns the lab's server, or the one at `path`.
 *
 * @throws {LabError} saying what to do, where it cannot be run.
 */
export function serverProgram(
  root: string,
  lab: Lab,
  { path, host = "" }: ServerOptions = {},
): LabProgram {
  const program = resolveProgram(lab, "server", path === undefined ? {} : { path });
  const args = fillTemplate(lab.manifest.arguments.server, { port: lab.manifest.port });
  // Programs take --host, and listen on all addresses of IPv4 unless it says otherwise.
  return asProgram(program, host.includes(":") ? [...args, "--host", "::"] : args, root);
}

/** What a client is asked to do. */
export interface ClientOptions extends RunRequest {
  /** Address of the server. */
  host: string;
  path?: string | undefined;
  /** Its lines come from its standard input. */
  keyboard: boolean;
}

/**
 * Returns the lab's client, or the one at `path`, with its arguments.
 *
 * @throws {LabError} where an option is outside the lab's limits, or the program cannot be run.
 */
export function clientProgram(root: string, lab: Lab, options: ClientOptions): LabProgram {
  const { host, path, keyboard, ...request } = options;
  const { manifest } = lab;
  const program = resolveProgram(lab, "client", path === undefined ? {} : { path });
  const { count, interval_ms, size_bytes, timeout_ms } = completeRequest(manifest, request);
  const template = keyboard ? manifest.arguments.keyboard : manifest.arguments.pinger;
  if (template === undefined) {
    throw new UsageError(
      `Give --input FILE, or --input - to type: ${manifest.id}'s client sends nothing by itself`,
    );
  }
  const args = fillTemplate(template, {
    host,
    port: manifest.port,
    timeout: timeout_ms,
    count,
    interval: interval_ms,
    size: size_bytes,
  });
  return asProgram(program, args, root);
}

function asProgram(program: Program, args: string[], root: string): LabProgram {
  const { path, folder, config } = program;
  const container = program.runner === "deno"
    ? {
      command: programCommand(program, args, IMAGE_TOOLS),
      reads: [path, ...(config === undefined ? [] : [config])],
    }
    : null;
  return {
    spec: {
      command: programCommand(program, args, tools(root)),
      ...(container === null ? {} : { container }),
      cwd: folder,
      // Its output goes into a pipe and is shown among others': colours would only be in the way.
      env: { NO_COLOR: "1" },
    },
    path,
  };
}
