/** The server of a lab, as a runner has it through the agent in the server's container. */
import { decodeBase64 } from "../../packet/mod.ts";
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import type { ProgramExit, RunningProgram } from "../program.ts";
import {
  type AgentWord,
  readWords,
  type RunnerWord,
  sendWord,
  type ServerOrder,
} from "./agent_protocol.ts";

/** Milliseconds that the agent has to end the server: what it gives a program, and some. */
const patience = 5000;

/** A server that another container runs for us. */
export interface HiredServer extends RunningProgram {
  /** Settles where the agent goes before the server has been given back, with the reason. */
  readonly lost: Promise<Error>;
}

/**
 * Asks the agent for a server.
 *
 * @param conn A connection to the agent; closed when the server is given back.
 * @throws {MachineError} Where the agent refuses or goes.
 */
export async function hireServer(conn: Deno.Conn, order: ServerOrder): Promise<HiredServer> {
  const say = (word: RunnerWord) => sendWord(conn, word);
  const words = readWords<AgentWord>(conn);
  await say({ op: "serve", ...order });
  const answer = (await words.next()).value;
  if (answer?.is !== "serving") {
    conn.close();
    throw new MachineError(answer?.is === "refused" ? answer.reason : GONE);
  }
  const output = { stdout: new Pipe(), stderr: new Pipe() };
  const exited = Promise.withResolvers<ProgramExit>();
  const lost = Promise.withResolvers<Error>();
  let returned = false;
  // Answers come in the order of the questions.
  const asking: ((bytes: number | null) => void)[] = [];
  let gone = false;
  const left = (async () => {
    for await (const word of words) {
      if (word.is === "output") output[word.stream].write(decodeBase64(word.bytes));
      if (word.is === "exited") {
        exited.resolve(word.exit);
        output.stdout.end();
        output.stderr.end();
      }
      if (word.is === "memory") asking.shift()?.(word.bytes);
      if (word.is === "left") return;
    }
    if (!returned) lost.resolve(new MachineError(GONE));
  })().finally(() => {
    output.stdout.end();
    output.stderr.end();
    gone = true;
    for (const answer of asking.splice(0)) answer(null);
  });
  return {
    pid: null,
    stdout: output.stdout.readable,
    stderr: output.stderr.readable,
    exited: exited.promise,
    lost: lost.promise,
    memory() {
      const { promise, resolve } = Promise.withResolvers<number | null>();
      if (gone) return Promise.resolve(null);
      asking.push(resolve);
      void say({ op: "memory" });
      return promise;
    },
    // Only checks ask these, and they have testbeds of their own.
    processes: () => Promise.resolve(null),
    rests: () => Promise.resolve(null),
    kill: (name) => void say({ op: "signal", name }),
    async [Symbol.asyncDispose]() {
      if (returned) return await left;
      returned = true;
      await say({ op: "leave" });
      const late = delay(patience);
      await Promise.race([left, late.done]);
      late.cancel();
      try {
        conn.close();
      } catch {
        // The agent was faster.
      }
      await left;
    },
  };
}

const GONE = "Run docker compose up again: the server's container has ended";

/** A stream that is written to from outside. */
class Pipe {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #ended = false;
  readonly readable = new ReadableStream<Uint8Array>({
    start: (controller) => void (this.#controller = controller),
    cancel: () => void (this.#ended = true),
  });

  write(bytes: Uint8Array): void {
    if (!this.#ended) this.#controller.enqueue(bytes);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#controller.close();
  }
}
