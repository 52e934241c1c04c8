/** A program inside a testbed: its streams, its signals, its end. */
import { feed, until } from "../program_streams.ts";
import type { ProgramExit, ProgramSpec, RunningProgram } from "../testbed.ts";
import { childrenOf, delay, sessionMembers, signal } from "../process.ts";

/** Milliseconds between SIGTERM and SIGKILL. */
const patience = 2000;
/** Milliseconds that a program's output may outlast it: what it left behind may hold the pipe for ever. */
const afterwards = 300;

/** How a program is started. */
export interface StartOptions {
  /** What `programCommand()` returned: its first process forks, waits and passes the end on. */
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
  const child = new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    clearEnv: true,
    env,
    stdin: input === "none" ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    // Signals are the tool's to send: the terminal's Ctrl-C would reach the program a second time.
    detached: true,
  }).spawn();
  let over = false;
  const exited = child.status.then(({ code, signal }): ProgramExit => {
    over = true;
    return { code, signal };
  });
  if (input !== "none") feed(input, child.stdin, exited);
  const pid = await forked(child.pid, () => over);
  const closing = exited.then(() => delay(afterwards).done);
  const kill = (name: "SIGINT" | "SIGTERM" | "SIGKILL") => {
    // Asked anew: ids come again, and a child that has gone was reaped.
    if (over || pid === null || !childrenOf(child.pid).includes(pid)) return;
    signal(pid, name);
    // A program that was stopped has stopped the process that waits for it, too.
    if (name === "SIGKILL") signal(child.pid, "SIGCONT");
  };
  const sweep = () => {
    for (const other of sessionMembers(child.pid, first)) signal(other, "SIGKILL");
  };
  return {
    pid,
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
      sweep();
      await exited;
    },
  };
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
