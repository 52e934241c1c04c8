/** A submission's files on the disk again, in a private folder: where trusted programs run as processes of this machine. */
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { makeTemporaryFolder, type TemporaryFolder } from "../../engine/mod.ts";
import type { Snapshot } from "./snapshot.ts";

/** Nobody writes into what was handed in, as in a sandbox. */
const FILE = 0o444, EXECUTABLE = 0o555, FOLDER = 0o555, OUTERMOST = 0o500;
/** Nothing that is there already is written to, or through. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Writes a submission's files into a folder of its own, which this process's user alone may look into. It is gone when it is
 * disposed of.
 *
 * @throws {RangeError} Where a path leads out of the submission; those of `takeSnapshot` never do.
 */
export function privateCopy({ files }: Snapshot): TemporaryFolder {
  const copy = makeTemporaryFolder("submission");
  try {
    for (const { path, executable, bytes } of files) {
      write(`${copy.folder}/${safe(path)}`, bytes, executable ? EXECUTABLE : FILE);
    }
    for (const folder of foldersOf(files)) Deno.chmodSync(`${copy.folder}/${folder}`, FOLDER);
    Deno.chmodSync(copy.folder, OUTERMOST);
    return copy;
  } catch (error) {
    copy[Symbol.dispose]();
    throw error;
  }
}

/** Returns a path whose every part is a name. */
function safe(path: string): string {
  const parts = path.split("/");
  if (parts.some((part) => ["", ".", ".."].includes(part)) || path.includes("\0")) {
    throw new RangeError(`Give a path inside the submission, not ${JSON.stringify(path)}`);
  }
  return path;
}

/** The folders that files lie in, each once. */
function foldersOf(files: Snapshot["files"]): Set<string> {
  return new Set(files.flatMap(({ path }) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  }));
}

function write(at: string, bytes: Uint8Array, mode: number): void {
  Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
  const file = openSync(at, FLAGS, mode);
  try {
    let written = 0;
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } finally {
    closeSync(file);
  }
}
