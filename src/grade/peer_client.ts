/** The bench's end of a peer: requests to it, and its answers. */
import type { RunningProgram } from "../engine/mod.ts";
import { encodeFrame, readFrames } from "./peer/frames.ts";
import type { PeerAnswer, PeerFault, PeerRequest } from "./peer/protocol.ts";

/** A peer could not do what it was asked; `bytes` is what came before. */
export class PeerError extends Error {
  override name = "PeerError";
  constructor(readonly fault: PeerFault, message: string, readonly bytes: Uint8Array) {
    super(message);
  }
}

/** A peer's answer with its bytes. */
export type Answered = PeerAnswer & { bytes: Uint8Array<ArrayBuffer> };

/** A peer that runs. Disposing ends it. */
export class PeerClient implements AsyncDisposable {
  readonly #program: RunningProgram;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answered) => void; reject: (error: Error) => void }
  >();
  #next = 1;
  #ended: Error | null = null;
  #said = "";

  private constructor(program: RunningProgram, input: WritableStream<Uint8Array>) {
    this.#program = program;
    this.#input = input.getWriter();
    // What it says breaks off where its testbed does.
    void this.#listen().catch((error: Error) => this.#over(error));
    void this.#hear().catch(() => {});
  }

  /**
   * Starts a peer.
   *
   * @param start Starts its program with this standard input.
   */
  static async start(
    start: (input: ReadableStream<Uint8Array>) => Promise<RunningProgram>,
  ): Promise<PeerClient> {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>(
      {},
      { highWaterMark: 64 },
    );
    return new PeerClient(await start(readable), writable);
  }

  async #listen(): Promise<void> {
    for await (const { head, bytes } of readFrames(this.#program.stdout)) {
      const { id, ok, fault, message, ...answer } = head as { id: number; ok: boolean } & {
        fault: PeerFault;
        message: string;
      };
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (ok) waiting?.resolve({ ...answer, bytes });
      else waiting?.reject(new PeerError(fault, message, bytes));
    }
    const { code, signal, why } = await this.#program.exited;
    const how = why ?? signal ?? `exit status ${code}`;
    const [line = ""] = this.#said.trim().split("\n");
    this.#over(new Error(`A peer has ended (${how})${line && `: ${line}`}`));
  }

  #over(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #hear(): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of this.#program.stderr) {
      if (this.#said.length < 4000) this.#said += decoder.decode(piece, { stream: true });
    }
  }

  /**
   * Asks a peer to do something.
   *
   * @throws {PeerError} Where it could not, with how that showed.
   */
  async ask(request: PeerRequest, bytes?: Uint8Array): Promise<Answered> {
    if (this.#ended !== null) throw this.#ended;
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    this.#waiting.set(id, { resolve, reject });
    this.#input.write(encodeFrame({ id, ...request }, bytes)).catch(() => {}); // Its end says why.
    return await promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#program.kill("SIGKILL");
    await this.#program[Symbol.asyncDispose]();
    // Not awaited: what it has not read by now, nobody takes any more.
    void this.#input.close().catch(() => {});
  }
}
