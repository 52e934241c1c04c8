/** A sandbox as the tool holds it: requests to its agent. */
import { type Connection, jsonLine, LineStream, writeAll } from "../../mux/mod.ts";
import type { LogCall, LogReturn } from "../logs/log_folder_calls.ts";
import { endProgram } from "../end_program.ts";
import { feed } from "../program_streams.ts";
import type { ProgramExit, ProgramSpec, RunningProgram } from "../program.ts";
import type { SandboxFile } from "../testbed.ts";
import type { SandboxAnswer, SandboxAnswers, SandboxOrder, SandboxRequest } from "./protocol.ts";

type RequestOf<Op extends keyof SandboxAnswers> = Extract<SandboxRequest, { op: Op }>;

/** The agent of a sandbox, over connections to it. */
export class SandboxClient {
  readonly #open: () => Promise<Connection>;
  readonly #lost: Promise<ProgramExit>;
  /** What its programs may write as their lab asks for. */

  /**
   * @param open Makes a connection.
   * @param lost Settles once the sandbox has ended, with how that looks for its programs.
   */
  constructor(open: () => Promise<Connection>, lost: Promise<ProgramExit>) {
    this.#open = open;
    this.#lost = lost;
  }

  /** Clears the sandbox, and puts these files in the place of those that it had. */
  async put(files: readonly SandboxFile[]): Promise<void> {
    const list = files.map(({ path, executable, bytes }) => ({
      path,
      executable,
      length: bytes.length,
    }));
    await this.#ask({ op: "put", files: list }, files.map(({ bytes }) => bytes));
  }

  /** Starts a program. @throws {Error} Where it cannot be started; one line. */
  async run({ command, env = {}, input }: ProgramSpec): Promise<RunningProgram> {
    const order: SandboxOrder = { command, env };
    const { connection, lines, answer } = await this.#begin({ op: "run", ...order });
    const { program } = answer;
    // Its input has an end of its own: the connection's other direction goes on.
    const stdin = new WritableStream<Uint8Array<ArrayBuffer>>({
      write: (bytes) => writeAll(connection, bytes),
      close: () => connection.closeWrite(),
    });
    // Where the sandbox ends, so do its connections, and then it is told how it ended.
    const told = this.#ask({ op: "exit", program }).catch(() => this.#lost);
    const exited = Promise.race([told, this.#lost]).then(exitOf);
    let over = false;
    void exited.then(() => over = true);
    if (input === undefined || input === "none") await connection.closeWrite();
    else void feed(input, stdin, exited);
    const kill: RunningProgram["kill"] = (name) => {
      if (!over) this.#ask({ op: "signal", program, name }).catch(() => {}); // It has just ended, or all has.
    };
    const usage = async () => over ? null : await this.#ask({ op: "usage" }).catch(() => null);
    return {
      pid: null,
      stdout: closing(lines, connection),
      stderr: await this.#stderr(program),
      exited,
      kill,
      memory: async () => (await usage())?.memory ?? null,
      processes: async () => (await usage())?.processes ?? null,
      rests: async () =>
        over ? null : (await this.#ask({ op: "rests", program }).catch(() => null))?.rests ?? null,
      [Symbol.asyncDispose]: async () => {
        if (!over) await endProgram({ kill, exited });
        await exited;
        await this.#ask({ op: "tidy", program }).catch(() => {}); // Nothing is left where all has ended.
      },
    };
  }

  /** Ends whatever runs, and empties what programs may write. */
  async clear(): Promise<void> {
    await this.#ask({ op: "clear" });
  }

  /** Makes a call to the folder that programs may write. */
  async callLogs(call: LogCall): Promise<LogReturn> {
    return await this.#ask({ op: "logs", call });
  }

  async #stderr(program: number): Promise<ReadableStream<Uint8Array>> {
    const { lines, connection } = await this.#begin({ op: "stderr", program });
    return closing(lines, connection);
  }

  async #ask<Op extends keyof SandboxAnswers>(
    request: RequestOf<Op>,
    bytes: readonly Uint8Array[] = [],
  ): Promise<SandboxAnswers[Op]> {
    const { connection, answer } = await this.#begin(request, bytes);
    connection.close();
    return answer;
  }

  /** Sends a request and takes the line in which the answer begins. */
  async #begin<Op extends keyof SandboxAnswers>(
    request: RequestOf<Op>,
    bytes: readonly Uint8Array[] = [],
  ): Promise<{ connection: Connection; lines: LineStream; answer: SandboxAnswers[Op] }> {
    const connection = await this.#open();
    try {
      await writeAll(connection, jsonLine(request));
      for (const piece of bytes) await writeAll(connection, piece);
      const lines = new LineStream(connection);
      const answer = await lines.readJson() as SandboxAnswer<Op> | null;
      if (answer === null) throw new Error("The sandbox has ended");
      if (!answer.ok) throw new Error(answer.error);
      return { connection, lines, answer };
    } catch (error) {
      connection.close();
      throw error;
    }
  }
}

function exitOf({ code, signal, why }: ProgramExit): ProgramExit {
  return { code, signal, ...(why === undefined ? {} : { why }) };
}

/** What comes behind an answer's line; the connection is closed at its end. */
function closing(lines: LineStream, connection: Connection): ReadableStream<Uint8Array> {
  const close = () => connection.close();
  return lines.readBytes(close).pipeThrough(new TransformStream({ flush: close }));
}
