/** The programs that an agent has started. */
import { asProgram, spawnChild } from "../child_program.ts";
import { signal } from "../process.ts";
import type { RunningProgram } from "../testbed.ts";
import { membersOf } from "./processes.ts";
import { SANDBOX_ENV, type SandboxOrder, SUBMISSION } from "./protocol.ts";

/** Whose rights programs get. */
export interface JobUser {
  uid: number;
  gid: number;
}

/** Starts programs, and knows them by number. */
export class Jobs {
  readonly #user: JobUser;
  readonly #running = new Map<number, RunningProgram & { pid: number }>();
  #last = 0;

  constructor(user: JobUser) {
    this.#user = user;
  }

  /** Starts one; returns its number. @throws {Error} Where the executable is not there, or no process can be had. */
  start({ command, env }: SandboxOrder, input: ReadableStream<Uint8Array>): number {
    const own = Deno.env.toObject();
    delete own[SANDBOX_ENV];
    const options = {
      argv: command,
      cwd: SUBMISSION,
      env: { ...own, ...env },
      input,
      ...this.#user,
    };
    const child = spawnChild(options);
    const { pid } = child.process;
    const number = ++this.#last;
    const kill: RunningProgram["kill"] = (name) => {
      if (!child.over()) signal(pid, name);
    };
    this.#running.set(
      number,
      Object.assign(asProgram(child, { pid, first: Deno.pid, kill }), { pid }),
    );
    return number;
  }

  /** @throws {Error} Where there is none of the number. */
  get(number: number): RunningProgram & { pid: number } {
    const job = this.#running.get(number);
    if (job === undefined) throw new Error(`Name a program that was started, not ${number}`);
    return job;
  }

  /** Ends what a program that has ended left in its session: helpers must not hold the port of the next one. */
  tidy(number: number): void {
    for (const pid of membersOf(this.get(number).pid)) signal(pid, "SIGKILL");
  }

  /** They have been ended, and nobody asks for them any more. */
  forget(): void {
    this.#running.clear();
  }
}
