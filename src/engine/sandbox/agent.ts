/**
 * The agent in a sandbox: writes the submission's files, starts its programs as another user, ends whatever they have
 * started. Root with few capabilities; what runs beside it has none, and may neither signal nor trace it.
 */
import { type Connection, jsonLine, LineStream, writeAll } from "../../mux/mod.ts";
import { answerLogCall } from "../logs/log_folder_calls.ts";
import { LogFolderHere } from "../logs/log_folder_here.ts";
import { delay } from "../process.ts";
import { removeAll } from "../remove_all.ts";
import { type JobRights, Jobs } from "./jobs.ts";
import { anyLeft, endAll, usageOf } from "./processes.ts";
import { LOGS, type SandboxAnswers, type SandboxRequest, SCRATCH, SUBMISSION } from "./protocol.ts";
import { putFiles } from "./put_files.ts";

/** Milliseconds that what was killed has to be gone. */
const PATIENCE = 10_000;

/** Answers requests. */
export class SandboxAgent {
  readonly #jobs: Jobs;
  readonly #logs = new LogFolderHere(LOGS);

  constructor(rights: JobRights) {
    this.#jobs = new Jobs(rights);
  }

  /** Serves the one request of a connection, and closes that. */
  async serve(connection: Connection): Promise<void> {
    const lines = new LineStream(connection);
    try {
      const request = await lines.readJson() as SandboxRequest | null;
      if (request !== null) await this.#answer(request, lines, connection);
    } catch (error) {
      const reason = (error as Error).message.split("\n")[0];
      // It may have gone that is to hear it.
      await writeAll(connection, jsonLine({ ok: false, error: reason })).catch(() => {});
    } finally {
      connection.close();
    }
  }

  async #answer(request: SandboxRequest, lines: LineStream, to: Connection): Promise<void> {
    const jobs = this.#jobs;
    const say = <Op extends keyof SandboxAnswers>(answer: SandboxAnswers[Op]) =>
      writeAll(to, jsonLine({ ok: true, ...answer }));
    switch (request.op) {
      case "put":
        await this.#clear();
        empty(SUBMISSION);
        await putFiles(request.files, lines.readBytes());
        return await say<"put">({});
      case "run": {
        const program = jobs.start(request, lines.readBytes());
        await say<"run">({ program });
        return await carry(jobs.get(program).stdout, to);
      }
      case "stderr": {
        const { stderr } = jobs.get(request.program);
        await say<"stderr">({});
        return await carry(stderr, to);
      }
      case "exit":
        return await say<"exit">(await jobs.get(request.program).exited);
      case "signal":
        jobs.get(request.program).kill(request.name);
        return await say<"signal">({});
      case "tidy":
        jobs.tidy(request.program);
        return await say<"tidy">({});
      case "usage":
        return await say<"usage">(usageOf());
      case "rests":
        return await say<"rests">({ rests: await jobs.get(request.program).rests() });
      case "logs":
        return await say<"logs">(await answerLogCall(this.#logs, request.call));
      case "clear":
        await this.#clear();
        return await say<"clear">({});
    }
  }

  async #clear(): Promise<void> {
    const until = performance.now() + PATIENCE;
    endAll();
    while (anyLeft()) {
      if (performance.now() > until) throw new Error("A program outlives SIGKILL");
      await delay(2).done;
      endAll();
    }
    this.#jobs.forget();
    for (const folder of SCRATCH) empty(folder);
    await this.#logs.empty();
  }
}

/** Nobody writes there any more: nothing changes under our feet. */
function empty(folder: string): void {
  for (const { name } of entries(folder)) removeAll(`${folder}/${name}`);
}

function entries(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function carry(from: ReadableStream<Uint8Array>, to: Connection): Promise<void> {
  for await (const piece of from) await writeAll(to, piece);
}
