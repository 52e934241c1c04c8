/** Where an export goes. */
import { resolve } from "node:path";
import { writeWhole } from "../src/grade/mod.ts";
import { reasonOf } from "../src/lab/mod.ts";
import { type Output, UsageError } from "./verb.ts";

/**
 * Writes a document to a file, whole or not at all; to standard output where none is named.
 *
 * @throws {UsageError} where the file cannot be written.
 */
export async function exportText(
  text: string,
  file: string | undefined,
  output: Output,
): Promise<void> {
  if (file === undefined) return output.out(text);
  try {
    const target = fileAt(file);
    // A device or a pipe (`/dev/stdout`) is written into, not replaced.
    if (target === null) await Deno.writeTextFile(file, text);
    else await writeWhole(target, text);
  } catch (cause) {
    // A full disk is not the caller's fault.
    if (/os error (?:28|122)\b/.test(String(cause))) throw cause;
    throw new UsageError(`Give --out a file that you can write, not ${file}: ${reasonOf(cause)}`, {
      cause,
    });
  }
  output.err(`lab: Written to ${file}\n`);
}

/** The path of the file itself, behind links, or of the one to be made; null where something else is there. */
function fileAt(path: string): string | null {
  try {
    return Deno.statSync(path).isFile ? Deno.realPathSync(path) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return resolve(path);
    throw error;
  }
}
