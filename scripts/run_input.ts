/** What a client reads in keyboard mode. */
import { UsageError } from "./verb.ts";

/**
 * Returns a file's bytes, or the keyboard's for `-`.
 *
 * @throws {UsageError} where the file cannot be read.
 */
export function inputOf(input: string): ReadableStream<Uint8Array> {
  if (input === "-") return Deno.stdin.readable;
  try {
    const bytes = Deno.readFileSync(input);
    return new ReadableStream({
      start(controller) {
        if (bytes.length > 0) controller.enqueue(bytes);
        controller.close();
      },
    });
  } catch (cause) {
    throw new UsageError(
      `Give --input a file that can be read, not ${input}: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
}
