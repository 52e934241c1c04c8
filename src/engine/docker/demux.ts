/**
 * The stream in which an engine sends a container's output: frames of stdout and stderr, each behind a header of eight
 * bytes (Docker Engine API, "Attach to a container": stream type, three zeros, length as a big-endian number). Pure.
 */

/** Bytes of a container's output. */
export interface OutputPart {
  stream: "stdout" | "stderr";
  bytes: Uint8Array;
}

const HEADER = 8;

/** Takes the stream in pieces of any size; hands the output on as it comes, without waiting for a frame's end. */
export class OutputFrames {
  readonly #header = new Uint8Array(HEADER);
  #have = 0;
  #left = 0;
  #stream: OutputPart["stream"] = "stdout";

  /** Returns the output in the next piece of the stream, as views of it. */
  push(piece: Uint8Array): OutputPart[] {
    const parts: OutputPart[] = [];
    for (let at = 0; at < piece.length;) {
      if (this.#left > 0) {
        const bytes = piece.subarray(at, at + this.#left);
        parts.push({ stream: this.#stream, bytes });
        this.#left -= bytes.length;
        at += bytes.length;
        continue;
      }
      this.#header[this.#have++] = piece[at++]!;
      if (this.#have < HEADER) continue;
      this.#have = 0;
      this.#stream = this.#header[0] === 2 ? "stderr" : "stdout";
      this.#left = new DataView(this.#header.buffer).getUint32(4);
    }
    return parts;
  }
}
