/** A folder's files, read whole. */
import type { NewFile } from "../src/lab/mod.ts";
import { sourceFiles } from "./source_files.ts";

/** Returns the files of a folder, by their paths in it. */
export function filesOf(folder: string): NewFile[] {
  return sourceFiles(folder).map((path) => ({
    path,
    text: Deno.readTextFileSync(`${folder}/${path}`),
    executable: ((Deno.statSync(`${folder}/${path}`).mode ?? 0) & 0o100) !== 0,
  }));
}
