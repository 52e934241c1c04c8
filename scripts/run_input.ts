/** What a client reads in keyboard mode. */
import { type LabManifest, reasonOf } from "../src/lab/mod.ts";
import { UsageError } from "./verb.ts";

/**
 * Returns a file's bytes, or the keyboard's for `-`.
 *
 * @throws {UsageError} where the file cannot be read.
 */
export function inputOf(input: string): ReadableStream<Uint8Array> {
  if (input === "-") return Deno.stdin.readable;
  try {
    return streamOf(Deno.readFileSync(input));
  } catch (cause) {
    throw new UsageError(
      `Give --input a file that can be read, not ${input}: ${reasonOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Returns what gives the lab's own lines, anew at each call.
 *
 * @throws {UsageError} where the lab has none.
 */
export function linesInput({ id, lines }: LabManifest): () => ReadableStream<Uint8Array> {
  if (lines === undefined) {
    throw new UsageError(
      `Give --input FILE, or --input - to type: ${id}'s client sends nothing by itself`,
    );
  }
  const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
  return () => streamOf(bytes);
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      if (bytes.length > 0) controller.enqueue(bytes);
      controller.close();
    },
  });
}
