/** How a program is run: from a file to a command line. Pure; `resolve_program.ts` looks at the disk. */

import { relative } from "node:path";
import type { Permission } from "./manifest.ts";

/** What runs a program: Deno, Python, or the system itself (an executable file). */
export type Runner = "deno" | "python" | "itself";

/** A program's file and how to run it. */
export interface Program {
  /** Absolute path, symbolic links followed. */
  path: string;
  /** The folder it lies in: its working folder, and what it may read. */
  folder: string;
  runner: Runner;
  /** A `deno.json` of the program's own, if it has one; else it gets ours. */
  config?: string;
  /** What it may do beyond what each program may. Default: nothing. */
  permits?: readonly Permission[];
}

/** Where the tools are that run programs. */
export interface ProgramTools {
  /** The Deno to use. */
  deno: string;
  /** The import map by which programs without a configuration of their own find the standard library. */
  imports: string;
  /** The Python to use. Default `python3`. */
  python?: string;
  /** A folder that the program may write. Default: none. */
  writes?: string | undefined;
  /** Whether Deno finds again, at the next start, what it has made of a file. Default true. */
  cached?: boolean;
}

/** Returns a program's file name, and what it is called in other languages. */
export function spellings(name: string): string[] {
  const stem = name.slice(0, name.lastIndexOf("."));
  return [name, `${stem}.js`, `${stem}.py`, stem];
}

/** Returns what runs a file of this name, or null where nothing can. */
export function runnerOf(path: string, executable: boolean): Runner | null {
  if (/\.[cm]?[jt]s$/.test(path)) return "deno";
  if (path.endsWith(".py")) return "python";
  return executable ? "itself" : null;
}

/** Returns the command line of a program, the first word an executable. */
export function programCommand(
  program: Program,
  args: readonly string[],
  tools: ProgramTools,
): string[] {
  switch (program.runner) {
    case "deno":
      return [...denoCommand(program, tools), program.path, ...args];
    case "python":
      // Unbuffered: what it prints into a pipe is to be read when it prints it.
      return [tools.python ?? "python3", "-u", program.path, ...args];
    case "itself":
      return [program.path, ...args];
  }
}

/**
 * `deno run` with what a network program needs: the network, its environment, and files beside it.
 * It may not write, start programs or read elsewhere unless its lab says so, and is never asked about that: nobody is
 * there to answer. Without a configuration of its own it gets none that happens to lie above it,
 * only our import map: a lock file or node_modules of ours is not its business.
 */
function denoCommand(
  { folder, config, permits = [] }: Program,
  { deno, imports, writes, cached = true }: ProgramTools,
): string[] {
  // Commas part its paths, and what Deno has to escape them it refuses; the folder is the working folder.
  const listed = (path: string) => path.includes(",") ? relative(folder, path) || "." : path;
  return [
    deno,
    "run",
    "--no-prompt",
    "--unstable-net",
    // Compiled code that nobody comes back to is a tenth of a start.
    ...(cached ? [] : ["--no-code-cache"]),
    ...(config === undefined
      ? ["--no-config", `--import-map=${imports}`]
      : [`--config=${config}`, "--no-lock"]),
    "--allow-net",
    "--allow-env",
    "--allow-sys",
    ...permits.map((permission) => `--allow-${permission}`),
    `--allow-read=${[folder, ...(writes ? [writes] : [])].map(listed).join(",")}`,
    ...(writes === undefined ? [] : [`--allow-write=${listed(writes)}`]),
  ];
}
