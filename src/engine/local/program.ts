/** A program inside a testbed: the process that enters it, and the one that it becomes there. */
import { asProgram, spawnChild } from "../child_program.ts";
import { childrenOf, delay, signal } from "../process.ts";
import type { ProgramSpec, RunningProgram } from "../program.ts";

/** How a program is started. */
export interface StartOptions {
  /** What `programCommand()` returned: its first process makes a session, forks, waits and passes the end on. */
  argv: string[];
  /** The whole environment. */
  env: Record<string, string>;
  input: NonNullable<ProgramSpec["input"]>;
  /** The first process of the testbed's pid namespace, as the machine sees it. */
  first: number;
}

/** Starts a command line that enters the testbed and becomes the program; resolves once it is there. */
export async function startProgram(options: StartOptions): Promise<RunningProgram> {
  const { argv, env, input, first } = options;
  const child = spawnChild({ argv, env, input, detached: false });
  const parent = child.process.pid;
  const pid = await forked(parent, child.over);
  return asProgram(child, {
    pid,
    first,
    kill: (name) => {
      // Asked anew: ids come again, and a child that has gone was reaped.
      if (child.over() || pid === null || !childrenOf(parent).includes(pid)) return;
      signal(pid, name);
      // A program that was stopped has stopped the process that waits for it, too.
      if (name === "SIGKILL") signal(parent, "SIGCONT");
    },
  });
}

/** The process that `parent` forks, as soon as it is there; null where the parent ended first. */
async function forked(parent: number, over: () => boolean): Promise<number | null> {
  for (;;) {
    const [child] = childrenOf(parent);
    if (child !== undefined) return child;
    // Even a program that ends at once gets its status through.
    await delay(1).done;
    if (over()) return null;
  }
}
