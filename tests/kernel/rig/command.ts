/** Commands in a rig: one connection each. */
import { type Frame, frameBytes, FrameReader, FROM_RIG, TO_RIG } from "./frames.ts";

/** How much of the input goes at once. */
const PIECE = 65_536;

/** What to run, and how. */
export interface CommandOptions {
  /** The folder in the rig. Default `/`. */
  cwd?: string;
  /** Variables besides the rig's own. */
  env?: Record<string, string>;
  /** What it reads; nothing unless given. */
  stdin?: string | Uint8Array | ReadableStream<Uint8Array>;
}

/** How a command ended. */
export interface CommandEnd {
  /** Its status; 128 and the signal's number where one ended it, as a shell has it. */
  code: number;
}

/** A command that runs. Disposing kills it with its process group. */
export class RigCommand implements AsyncDisposable {
  /** What it writes. To be read, or cancelled: a command whose output nobody takes waits. */
  readonly stdout: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stderr: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Resolves once it has ended; rejects where the rig did. */
  readonly status: Promise<CommandEnd>;
  readonly #conn: Deno.Conn;
  #sending: Promise<void> = Promise.resolve();

  private constructor(conn: Deno.Conn, stdin: CommandOptions["stdin"]) {
    this.#conn = conn;
    const out = pipe();
    const err = pipe();
    this.stdout = out.stream;
    this.stderr = err.stream;
    this.status = this.#follow(async ({ kind, body }) => {
      if (kind === FROM_RIG.stdout) await out.write(body);
      if (kind === FROM_RIG.stderr) await err.write(body);
    }).finally(() => {
      out.close();
      err.close();
      close(conn);
    });
    // Whoever reads the output alone must not fall over it.
    this.status.catch(() => {});
    this.#feed(stdin).catch(() => {});
  }

  /** Starts `argv` in the rig whose server answers at `port`. @throws {Error} If none does. */
  static async start(
    port: number,
    argv: readonly string[],
    { cwd, env, stdin }: CommandOptions = {},
  ): Promise<RigCommand> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    const command = new RigCommand(conn, stdin);
    await command.#send(TO_RIG.plan, JSON.stringify({ argv, cwd, env }));
    return command;
  }

  /** Sends a signal to its process group, by number: 2 is Ctrl-C's. */
  async kill(signal: number): Promise<void> {
    await this.#send(TO_RIG.signal, `${signal}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    close(this.#conn);
    await this.status.catch(() => {});
  }

  async #follow(take: (frame: Frame) => Promise<void>): Promise<CommandEnd> {
    const reader = new FrameReader();
    const piece = new Uint8Array(65_536);
    while (true) {
      const length = await this.#conn.read(piece).catch(() => null);
      if (length === null) throw new Error("The rig hung up");
      for (const frame of reader.take(piece.subarray(0, length))) {
        if (frame.kind !== FROM_RIG.end) {
          await take(frame);
          continue;
        }
        const end = JSON.parse(new TextDecoder().decode(frame.body)) as Record<string, number>;
        return { code: end.code ?? 128 + (end.signal ?? 0) };
      }
    }
  }

  async #feed(stdin: CommandOptions["stdin"]): Promise<void> {
    // After the plan, which `start` sends.
    await Promise.resolve();
    if (stdin instanceof ReadableStream) {
      for await (const piece of stdin) await this.#send(TO_RIG.stdin, piece);
    } else if (stdin !== undefined) await this.#send(TO_RIG.stdin, stdin);
    await this.#send(TO_RIG.stdinEnd);
  }

  #send(kind: number, body?: string | Uint8Array): Promise<void> {
    const sent = this.#sending.then(async () => {
      const whole = typeof body === "string" ? new TextEncoder().encode(body) : body;
      let at = 0;
      do {
        const bytes = frameBytes(kind, whole?.subarray(at, at + PIECE));
        for (let of = 0; of < bytes.length;) of += await this.#conn.write(bytes.subarray(of));
        at += PIECE;
      } while (whole !== undefined && at < whole.length);
    });
    this.#sending = sent.catch(() => {});
    return sent;
  }
}

function pipe() {
  const { readable, writable } = new TransformStream<Uint8Array<ArrayBuffer>>(
    {},
    undefined,
    { highWaterMark: 64 },
  );
  const writer = writable.getWriter();
  return {
    stream: readable,
    // A reader that is gone wants no more of it.
    write: (piece: Uint8Array<ArrayBuffer>) => writer.write(piece).catch(() => {}),
    close: () => void writer.close().catch(() => {}),
  };
}

function close(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch {
    // Closed already.
  }
}
