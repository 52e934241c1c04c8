/** The programs that an agent has started. */
import { asProgram, spawnChild } from "../child_program.ts";
import { signal } from "../process.ts";
import type { RunningProgram } from "../program.ts";
import { lackOfMemory, memoryKills, startExpendable } from "./memory_kills.ts";
import { membersOf } from "./processes.ts";
import { SANDBOX_ENV, type SandboxOrder, SUBMISSION } from "./protocol.ts";

/** What programs may: as whom they run, and how much memory they may take together, in bytes. */
export interface JobRights {
  uid: number;
  gid: number;
  memory: number;
}

/** A program that was started. */
export type Job = Pick<
  RunningProgram,
  "pid" | "stdout" | "stderr" | "exited" | "kill" | "rests"
>;

/** Starts programs, and knows them by number. */
export class Jobs {
  readonly #rights: JobRights;
  readonly #jobs = new Map<number, Job>();
  #last = 0;

  constructor(rights: JobRights) {
    this.#rights = rights;
  }

  /** Starts one; returns its number. What cannot be started ends at once, as in a shell. */
  start(order: SandboxOrder, input: ReadableStream<Uint8Array>): number {
    const number = ++this.#last;
    try {
      this.#jobs.set(number, this.#spawn(order, input));
    } catch (error) {
      this.#jobs.set(number, unstarted(order.command[0]!, error));
    }
    return number;
  }

  #spawn({ command, env }: SandboxOrder, input: ReadableStream<Uint8Array>): Job {
    const { [SANDBOX_ENV]: _, ...own } = Deno.env.toObject();
    const { uid, gid, memory } = this.#rights;
    const before = memoryKills();
    const child = startExpendable(() =>
      spawnChild({
        argv: command,
        cwd: SUBMISSION,
        // Ours is to be read only.
        env: { ...own, DENO_DIR: "/tmp/.deno", ...env },
        input,
        uid,
        gid,
      })
    );
    const { pid } = child.process;
    const exited = child.exited.then((exit) =>
      exit.signal === "SIGKILL" && memoryKills() > before
        ? { ...exit, why: lackOfMemory(memory) }
        : exit
    );
    const kill: Job["kill"] = (name) => {
      if (!child.over()) signal(pid, name);
    };
    return asProgram({ ...child, exited }, { pid, first: Deno.pid, kill });
  }

  /** @throws {Error} Where there is none of the number. */
  get(number: number): Job {
    const job = this.#jobs.get(number);
    if (job === undefined) throw new Error(`Name a program that was started, not ${number}`);
    return job;
  }

  /** Ends what a program that has ended left in its session: helpers must not hold the port of the next one. */
  tidy(number: number): void {
    const { pid } = this.get(number);
    if (pid !== null) { for (const member of membersOf(pid)) signal(member, "SIGKILL"); }
  }

  /** They have been ended, and nobody asks for them any more. */
  forget(): void {
    this.#jobs.clear();
  }
}

/** What a shell says and exits with (POSIX, Shell Command Language, 2.8.2): 127 for what is not there, else 126. */
function unstarted(name: string, error: unknown): Job {
  const missing = error instanceof Deno.errors.NotFound;
  const reason = missing ? "not found" : (error as Error).message.replace(/^.*?: /, "");
  return {
    pid: null,
    stdout: ReadableStream.from([]),
    stderr: ReadableStream.from([new TextEncoder().encode(`${name}: ${reason}\n`)]),
    exited: Promise.resolve({ code: missing ? 127 : 126, signal: null }),
    kill: () => {},
    rests: () => Promise.resolve(null),
  };
}
