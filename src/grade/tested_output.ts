/** What a program under test prints: its lines, and the bytes of its standard output. */
import type { RunningProgram } from "../engine/mod.ts";
import { readLines } from "../run/mod.ts";
import { Condition } from "./peer/condition.ts";
import { joined } from "./peer/joined.ts";

/** Lines that are kept, and characters: the last ones. */
const LINES = 10_000, CHARACTERS = 1 << 22;
/** Bytes of standard output that are kept: the first ones. */
const BYTES = 1 << 24;
/** Bytes that a program may print, on both streams together. */
const MOST = 32 << 20;

/** Why a program was ended that printed more, as the end of a sentence. */
export const FLOODED: string = `it printed more than ${MOST >> 20} MiB`;

/** The streams of a program. */
type Streams = Pick<RunningProgram, "stdout" | "stderr">;

/** A line that a program printed. */
export interface PrintedLine {
  stream: "stdout" | "stderr";
  text: string;
}

/** Collects it as it comes. */
export class TestedOutput {
  readonly lines: PrintedLine[] = [];
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #length = 0;
  #characters = 0;
  #printed = 0;
  readonly #flood = Promise.withResolvers<void>();
  readonly #more = new Condition();

  /** Settles once a program has printed more than it may; what comes then is thrown away. */
  get flood(): Promise<void> {
    return this.#flood.promise;
  }

  /** Whether it has. */
  get flooded(): boolean {
    return this.#printed > MOST;
  }

  /** Returns a program's streams: what passes through them is counted, and that of standard output is kept. */
  through({ stdout, stderr }: Streams): Streams {
    return {
      stdout: this.#counted(stdout, (piece) => {
        if (this.#length >= BYTES) return;
        this.#pieces.push(piece as Uint8Array<ArrayBuffer>);
        this.#length += piece.length;
        this.#more.notifyAll();
      }),
      stderr: this.#counted(stderr, () => {}),
    };
  }

  #counted(
    stream: ReadableStream<Uint8Array>,
    take: (piece: Uint8Array) => void,
  ): ReadableStream<Uint8Array> {
    return stream.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (piece, controller) => {
          this.#printed += piece.length;
          if (this.flooded) return this.#flood.resolve();
          take(piece);
          controller.enqueue(piece);
        },
      }),
    );
  }

  /** Reads both streams to their ends. */
  async read(program: Streams): Promise<void> {
    const { stdout, stderr } = this.through(program);
    await Promise.all([this.#lines("stdout", stdout), this.#lines("stderr", stderr)])
      .catch(() => {});
  }

  async #lines(stream: PrintedLine["stream"], bytes: ReadableStream<Uint8Array>): Promise<void> {
    for await (const text of readLines(bytes)) this.line(stream, text);
  }

  /** Takes note of a line. */
  line(stream: PrintedLine["stream"], text: string): void {
    this.lines.push({ stream, text });
    this.#characters += text.length;
    if (this.lines.length <= LINES && this.#characters <= CHARACTERS) return;
    const gone = this.lines.splice(0, Math.ceil(this.lines.length / 10));
    for (const line of gone) this.#characters -= line.text.length;
  }

  /** All bytes of standard output so far. */
  get stdout(): Uint8Array {
    const all = joined(this.#pieces);
    this.#pieces = [all];
    return all;
  }

  /** Settles at the next bytes on standard output. */
  more(): Promise<void> {
    return this.#more.notice;
  }
}
