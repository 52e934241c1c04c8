/** A program as a child process in the container that we are in. */
import { asProgram, spawnChild } from "../child_program.ts";
import { signal } from "../process.ts";
import type { ProgramSpec, RunningProgram } from "../program.ts";

/**
 * Starts a program as a child. It gets our environment without the `LAB_` variables, which are for us, and the spec's.
 *
 * @throws {Error} Where the executable is not there.
 */
export function startChild(spec: ProgramSpec): RunningProgram {
  const { command, cwd, env = {}, input = "none" } = spec;
  const child = spawnChild({ argv: command, cwd, env: { ...ownEnvironment(), ...env }, input });
  const { pid } = child.process;
  return asProgram(child, {
    pid,
    first: Deno.pid,
    kill: (name) => {
      if (!child.over()) signal(pid, name);
    },
  });
}

function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(Deno.env.toObject());
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith("LAB_")));
}
