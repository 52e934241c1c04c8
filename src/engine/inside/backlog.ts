/** What a server printed before anybody listened: kept whole up to a bound, and counted beyond it. Pure. */
import { encodeBase64 } from "../../packet/mod.ts";
import type { AgentWord } from "./agent_protocol.ts";

/** Bytes kept: of a server that writes a line of 50 bytes for each datagram, 20,000 lines. */
const most = 1_000_000;

type Output = Extract<AgentWord, { is: "output" }>;

/** Output in the order of its coming. */
export class Backlog {
  readonly #words: Output[] = [];
  #kept = 0;
  #left = 0;
  /** By stream, whether what was kept last ends a line. */
  readonly #whole = { stdout: true, stderr: true };

  /** Takes the next output; once some has been left out, all that follows is. */
  push(stream: Output["stream"], bytes: Uint8Array): void {
    const fits = this.#left > 0 ? 0 : Math.min(bytes.length, most - this.#kept);
    this.#left += bytes.length - fits;
    if (fits === 0) return;
    this.#kept += fits;
    this.#whole[stream] = bytes[fits - 1] === 10;
    this.#words.push(output(stream, bytes.subarray(0, fits)));
  }

  /** Returns what was kept, with a line about what was left out, and keeps none of it. */
  take(): Output[] {
    const words = this.#words.splice(0);
    if (this.#left > 0) {
      const line =
        `lab: ${this.#left} bytes that the server printed before this run are left out\n`;
      const text = new TextEncoder();
      if (!this.#whole.stdout) words.push(output("stdout", text.encode("\n")));
      words.push(output("stderr", text.encode(this.#whole.stderr ? line : `\n${line}`)));
    }
    this.#kept = this.#left = 0;
    this.#whole.stdout = this.#whole.stderr = true;
    return words;
  }
}

function output(stream: Output["stream"], bytes: Uint8Array): Output {
  return { is: "output", stream, bytes: encodeBase64(bytes) };
}
