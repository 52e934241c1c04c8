/** A folder of logs that lies where only an agent can look: calls to it, and its answers, as plain data. */
import { LogFault, type LogFolder } from "./log_folder.ts";

/** A method, and what it is called with. */
export interface LogCall {
  method: keyof LogFolder;
  args: (string | boolean)[];
}

/** What it came to. */
export type LogReturn =
  | { value: string | string[] | null }
  /** The message of a {@linkcode LogFault}. */
  | { fault: string };

/** Makes the call. Rejects where it cannot be made, and not because of the program. */
export async function answerLogCall(
  folder: LogFolder,
  { method, args }: LogCall,
): Promise<LogReturn> {
  const act = folder[method] as (...args: unknown[]) => Promise<string | string[] | void>;
  try {
    return { value: await act.apply(folder, args) ?? null };
  } catch (error) {
    if (!(error instanceof LogFault)) throw error;
    return { fault: error.message };
  }
}

/** The folder, for whoever is not where it lies. */
export class LogFolderThere implements LogFolder {
  readonly #call: (call: LogCall) => Promise<LogReturn>;

  /** @param call Has a call made where the folder lies. */
  constructor(call: (call: LogCall) => Promise<LogReturn>) {
    this.#call = call;
  }

  list = () => this.#ask<string[]>("list");
  read = (name: string) => this.#ask<string>("read", name);
  write = (name: string, text: string) => this.#ask<void>("write", name, text);
  setWritable = (writable: boolean) => this.#ask<void>("setWritable", writable);
  watch = () => this.#ask<void>("watch");
  writtenInPlace = () => this.#ask<string[]>("writtenInPlace");
  empty = () => this.#ask<void>("empty");

  async #ask<T>(method: LogCall["method"], ...args: LogCall["args"]): Promise<T> {
    const answer = await this.#call({ method, args });
    if ("fault" in answer) throw new LogFault(answer.fault);
    return answer.value as T;
  }
}
