/** Where verbs write: standard output and error, written whole and at once. */
import type { Output, Style } from "./verb.ts";

/** Nobody reads standard output any more, as after `| head`: the verb should stop, quietly. */
export class OutputClosed extends Deno.errors.BrokenPipe {
  override name = "OutputClosed";
}

/** A file to write to, such as `Deno.stdout`. */
export interface Writer {
  writeSync(bytes: Uint8Array): number;
  isTerminal(): boolean;
}

/** Returns the output of a process; `env` decides on colours (NO_COLOR, TERM). */
export function processOutput(
  stdout: Writer = Deno.stdout,
  stderr: Writer = Deno.stderr,
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Output {
  const isTerminal = stdout.isTerminal();
  return {
    out(text) {
      try {
        writeAll(stdout, text);
      } catch (error) {
        if (error instanceof Deno.errors.BrokenPipe) {
          throw new OutputClosed("Standard output is closed", { cause: error });
        }
        throw error;
      }
    },
    err(text) {
      try {
        writeAll(stderr, text);
      } catch {
        // There is no one left to tell.
      }
    },
    isTerminal,
    columns: isTerminal ? columns() : 80,
    style: style(wantsColour(isTerminal, env)),
    errorStyle: style(wantsColour(stderr.isTerminal(), env)),
  };
}

/** Returns whether to colour: in a terminal that can, unless NO_COLOR says no (no-color.org). */
export function wantsColour(
  isTerminal: boolean,
  env: (name: string) => string | undefined,
): boolean {
  return isTerminal && !env("NO_COLOR") && env("TERM") !== "dumb";
}

/** Returns the colours, or functions that leave their text alone. */
export function style(on: boolean): Style {
  const paint = (open: number, close: number) => (text: string) =>
    on && text !== "" ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
    cyan: paint(36, 39),
  };
}

function writeAll(file: Writer, text: string | Uint8Array): void {
  let rest = typeof text === "string" ? new TextEncoder().encode(text) : text;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(file.writeSync(rest));
    } catch (error) {
      // A parent may have set the pipe to non-blocking; wait for its reader a millisecond at a time.
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80; // standard output is a terminal, but standard input is not
  }
}
