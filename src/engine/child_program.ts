/** A child process as a program that runs: its streams, its signals, its end. */
import { endProgram } from "./end_program.ts";
import { delay, sessionMembers, signal } from "./process.ts";
import { processesOf } from "./process_count.ts";
import { memoryOf } from "./process_memory.ts";
import { restsNow } from "./process_rest.ts";
import { feed, until } from "./program_streams.ts";
import type { ProgramExit, ProgramSpec, RunningProgram } from "./program.ts";

/** Milliseconds that a program's output may outlast it: what it left behind may hold the pipe for ever. */
const afterwards = 300;

/** How a child is started. */
export interface ChildOptions {
  argv: readonly string[];
  /** The whole environment. */
  env: Record<string, string>;
  cwd?: string | undefined;
  input: NonNullable<ProgramSpec["input"]>;
  /**
   * Whether it is to be given a session of its own; false where it makes one itself. The runtime copies our page tables
   * to do so: milliseconds for each 100 MB that we have. Default: true.
   */
  detached?: boolean;
  /** Whose rights it gets; only root can give them. Default: ours. */
  uid?: number;
  gid?: number;
}

/** A child that was started. */
export interface Child {
  process: Deno.ChildProcess;
  exited: Promise<ProgramExit>;
  /** Whether it has ended. */
  over: () => boolean;
}

/** Starts a child in a session of its own: the terminal's Ctrl-C is ours to pass on, and what it starts can be told. */
export function spawnChild(options: ChildOptions): Child {
  const { argv, env, cwd, input, uid, gid, detached = true } = options;
  const process = new Deno.Command(argv[0]!, {
    args: argv.slice(1),
    ...(cwd === undefined ? {} : { cwd }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
    clearEnv: true,
    env,
    stdin: input === "none" ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
    detached,
  }).spawn();
  let over = false;
  const exited = process.status.then(({ code, signal }): ProgramExit => {
    over = true;
    return { code, signal };
  });
  if (input !== "none") feed(input, process.stdin, exited);
  return { process, exited, over: () => over };
}

/**
 * Returns a child as the program that it is, or that it waits for.
 *
 * @param options `pid` is the program's; `kill` sends it a signal; `first` is the first process of the pid namespace in
 * which what it leaves behind is looked for.
 */
export function asProgram(
  { process, exited, over }: Child,
  options: { pid: number | null; first: number; kill: RunningProgram["kill"] },
): RunningProgram {
  const { pid, first, kill } = options;
  const closing = exited.then(() => delay(afterwards).done);
  return {
    pid,
    stdout: until(process.stdout, closing),
    stderr: until(process.stderr, closing),
    exited,
    kill,
    memory: () => Promise.resolve(over() || pid === null ? null : memoryOf(pid)),
    processes: () => Promise.resolve(over() || pid === null ? null : processesOf(pid)),
    rests: () => Promise.resolve(over() || pid === null ? null : restsNow(pid)),
    async [Symbol.asyncDispose]() {
      if (!over()) await endProgram({ kill, exited });
      // Helpers that it started must not hold the port of the next one.
      for (const other of sessionMembers(process.pid, first)) signal(other, "SIGKILL");
      await exited;
    },
  };
}
