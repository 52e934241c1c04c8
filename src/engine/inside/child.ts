/** A program as a child process in the container that we are in. */
import { delay, sessionMembers, signal } from "../process.ts";
import { feed, until } from "../program_streams.ts";
import type { ProgramExit, ProgramSpec, RunningProgram } from "../testbed.ts";

/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 2000;
/** Milliseconds that a program's output may outlast it: what it left behind may hold the pipe for ever. */
const afterwards = 300;

/**
 * Starts a program as a child. It gets our environment without the `LAB_` variables, which are for us, and the spec's.
 *
 * @throws {Error} Where the executable is not there.
 */
export function startChild(spec: ProgramSpec): RunningProgram {
  const { command, cwd, env = {}, input = "none" } = spec;
  const child = new Deno.Command(command[0]!, {
    args: command.slice(1),
    ...(cwd === undefined ? {} : { cwd }),
    clearEnv: true,
    env: { ...ownEnvironment(), ...env },
    stdin: input === "none" ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    // A session of its own: the terminal's Ctrl-C is ours to pass on, and what it starts can be told.
    detached: true,
  }).spawn();
  let over = false;
  const exited = child.status.then(({ code, signal }): ProgramExit => {
    over = true;
    return { code, signal };
  });
  if (input !== "none") feed(input, child.stdin, exited);
  const closing = exited.then(() => delay(afterwards).done);
  const kill = (name: "SIGINT" | "SIGTERM" | "SIGKILL") => {
    if (!over) signal(child.pid, name);
  };
  return {
    pid: child.pid,
    stdout: until(child.stdout, closing),
    stderr: until(child.stderr, closing),
    exited,
    kill,
    async [Symbol.asyncDispose]() {
      if (!over) {
        kill("SIGTERM");
        const late = delay(patience);
        await Promise.race([exited, late.done.then(() => kill("SIGKILL"))]);
        late.cancel();
      }
      // Helpers that it started must not hold the port of the next one.
      for (const other of sessionMembers(child.pid, Deno.pid)) signal(other, "SIGKILL");
      await exited;
    },
  };
}

function ownEnvironment(): Record<string, string> {
  const entries = Object.entries(Deno.env.toObject());
  return Object.fromEntries(entries.filter(([name]) => !name.startsWith("LAB_")));
}
