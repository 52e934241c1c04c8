/** What a program under test prints: its lines, and the bytes of its standard output. */
import { readLines } from "../run/mod.ts";
import { Condition } from "./peer/condition.ts";
import { joined } from "./peer/joined.ts";

/** Lines that are kept, and characters: the last ones. */
const LINES = 10_000, CHARACTERS = 1 << 22;
/** Bytes of standard output that are kept: the first ones. */
const BYTES = 1 << 24;

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
  readonly #more = new Condition();

  /** Takes note of what passes through a stream. */
  through(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
    return stream.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform: (piece, controller) => {
          if (this.#length < BYTES) {
            this.#pieces.push(piece as Uint8Array<ArrayBuffer>);
            this.#length += piece.length;
            this.#more.notifyAll();
          }
          controller.enqueue(piece);
        },
      }),
    );
  }

  /** Reads both streams to their ends; what passes through standard output is noted. */
  async read(
    program: { stdout: ReadableStream<Uint8Array>; stderr: ReadableStream<Uint8Array> },
  ): Promise<void> {
    await Promise.all([
      this.#lines("stdout", this.through(program.stdout)),
      this.#lines("stderr", program.stderr),
    ]).catch(() => {});
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
