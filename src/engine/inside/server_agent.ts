/**
 * The agent in the server's container: starts the lab's server, starts it afresh for a run, tells the run what the
 * server prints, and has it ready again when the run is over.
 */
import { encodeBase64 } from "../../packet/mod.ts";
import type { ProgramExit, RunningProgram } from "../program.ts";
import {
  type AgentWord,
  readWords,
  type RunnerWord,
  sendWord,
  type ServerOrder,
} from "./agent_protocol.ts";
import { makeWritable } from "../writable_folder.ts";
import { Backlog } from "./backlog.ts";
import { startChild } from "./child.ts";

/** A server that nobody has used is as good as a fresh one for so many milliseconds: nothing can have reached it. */
const freshFor = 10_000;

/** What an agent is started with. */
export interface AgentOptions {
  /** What serves while nobody runs the lab; null where that cannot be run. */
  standing: ServerOrder | null;
  /** Takes what the server prints, for the container's log. */
  onOutput: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;
  /** Takes lines of the agent's own. */
  onNotice: (line: string) => void;
}

/** One start of the server. */
interface Server {
  key: string;
  program: RunningProgram;
  since: number;
  used: boolean;
  /** Whether it has the folders that it may write. */
  whole: boolean;
  /** What it printed while nobody listened. */
  backlog: Backlog;
  exit: ProgramExit | null;
  /** Whether we have told it to end. */
  ending: boolean;
  /** Settles when it has ended and all that it printed was passed on. */
  over: Promise<void>;
}

/** A runner, from its asking for the server to its leaving. */
interface Guest {
  say: (word: AgentWord) => Promise<boolean>;
}

/** Keeps the server of a lab. */
export class ServerAgent {
  readonly #options: AgentOptions;
  readonly #guests = new Set<Guest>();
  #server: Server | null = null;
  #turn: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Starts the standing server, unless a runner was faster. */
  begin(): Promise<void> {
    return this.#inTurn(() => {
      if (this.#guests.size === 0 && this.#server === null) this.#stand();
    });
  }

  /** Ends the server, for good. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#inTurn(() => this.#end());
  }

  /** Serves one runner until its connection ends. */
  async attend(conn: Deno.Conn): Promise<void> {
    // One word after the other, whoever says it.
    let last: Promise<boolean> = Promise.resolve(true);
    const guest: Guest = { say: (word) => last = last.then(() => sendWord(conn, word)) };
    try {
      for await (const word of readWords<RunnerWord>(conn)) {
        if (word.op === "serve") await this.#inTurn(() => this.#welcome(guest, word));
        else if (word.op === "signal") this.#server?.program.kill(word.name);
        else if (word.op === "memory") {
          await guest.say({ is: "memory", bytes: await this.#server?.program.memory() ?? null });
        } else {
          await this.#inTurn(() => this.#farewell(guest));
          await guest.say({ is: "left" });
        }
      }
    } finally {
      // Without a word, too: a runner that was killed leaves as others do.
      await this.#inTurn(() => this.#farewell(guest));
      try {
        conn.close();
      } catch {
        // The peer was faster.
      }
    }
  }

  async #inTurn<T>(step: () => T | Promise<T>): Promise<T> {
    const result = this.#turn.then(step);
    this.#turn = result.catch(() => {});
    return await result;
  }

  async #welcome(guest: Guest, order: ServerOrder): Promise<void> {
    const key = keyOf(order);
    const shared = this.#guests.size > 0;
    if (shared && this.#server?.key !== key) {
      const reason = "Wait until the other run has ended: it uses another server";
      return void await guest.say({ is: "refused", reason });
    }
    if (!shared) {
      const fresh = this.#server !== null && this.#server.key === key && !this.#server.used &&
        this.#server.exit === null && this.#server.whole &&
        performance.now() - this.#server.since < freshFor;
      if (!fresh) {
        await this.#end();
        try {
          this.#server = this.#start(order);
        } catch (error) {
          return void await guest.say({ is: "refused", reason: (error as Error).message });
        }
      }
      this.#server!.used = true;
    }
    const server = this.#server!;
    await guest.say({ is: "serving", shared });
    // In the same turn: what the server says from here on comes behind its backlog.
    const told = server.backlog.take().map((word) => guest.say(word));
    this.#guests.add(guest);
    await Promise.all(told);
    if (server.exit !== null) await guest.say({ is: "exited", exit: server.exit });
  }

  async #farewell(guest: Guest): Promise<void> {
    if (!this.#guests.has(guest)) return;
    // It stays while the program ends: the last words are for it.
    if (this.#guests.size === 1) await this.#end();
    this.#guests.delete(guest);
    if (this.#guests.size === 0 && !this.#stopped) this.#stand();
  }

  #stand(): void {
    const { standing, onNotice } = this.#options;
    if (standing === null) return;
    try {
      this.#server = this.#start(standing);
    } catch (error) {
      onNotice((error as Error).message);
    }
  }

  async #end(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    server.ending = true;
    await server.program[Symbol.asyncDispose]();
    await server.over;
    this.#server = null;
  }

  #start(order: ServerOrder): Server {
    let whole = true;
    try {
      makeWritable(order.writes ?? []);
    } catch (error) {
      whole = false;
      // The program goes on without, as it must where its folder fills up.
      this.#options.onNotice((error as Error).message);
    }
    const program = startChild(order);
    const server: Server = {
      key: keyOf(order),
      program,
      since: performance.now(),
      used: false,
      whole,
      backlog: new Backlog(),
      exit: null,
      ending: false,
      over: Promise.resolve(),
    };
    const pumps = (["stdout", "stderr"] as const).map((stream) => this.#pump(server, stream));
    server.over = Promise.all([program.exited, ...pumps]).then(async ([exit]) => {
      server.exit = exit;
      if (!server.ending) {
        this.#options.onNotice(
          `The server has ended by itself (${
            exit.signal ?? `exit status ${exit.code}`
          }): the next run starts it again`,
        );
      }
      await Promise.all([...this.#guests].map((guest) => guest.say({ is: "exited", exit })));
    });
    return server;
  }

  async #pump(server: Server, stream: "stdout" | "stderr"): Promise<void> {
    for await (const chunk of server.program[stream]) {
      this.#options.onOutput(stream, chunk);
      // Told once: the runs that share a server print into one terminal.
      const [teller] = this.#guests;
      if (teller === undefined) server.backlog.push(stream, chunk);
      else await teller.say({ is: "output", stream, bytes: encodeBase64(chunk) });
    }
  }
}

function keyOf({ command, cwd, env, writes = [] }: ServerOrder): string {
  return JSON.stringify([command, cwd, Object.entries(env).sort(), writes]);
}
