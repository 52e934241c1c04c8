/**
 * Reads what was handed in, once: regular files alone. No link is followed and nothing is run, so that it does not matter
 * what else lies there, or what somebody changes meanwhile.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from "node:fs";
import { basename } from "node:path";
import { reasonOf } from "../../lab/mod.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";
import { type Snapshot, type SnapshotFile, snapshotOf } from "./snapshot.ts";

/** What a submission may be at most. */
export interface SnapshotLimits {
  /** Files, folders and whatever else lies in them. */
  entries: number;
  /** Of all files together. */
  bytes: number;
  /** Names in a path: folders inside one another, and what lies in the last. */
  depth: number;
}

/** Far more than a lab's programs take. */
export const LIMITS: SnapshotLimits = { entries: 1000, bytes: 32 * 2 ** 20, depth: 16 };

/** Folders that tools fill, and that no program of a lab needs. */
const LEFT_OUT = /(?:^|\/)(?:\.git|node_modules|__pycache__|\.venv)$|^out\/lab\d+$/;

/** As openat(2) has it where the system lets one: a folder on the way that becomes a link leads nowhere. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads a submission: a folder with all in it, or one program's file.
 *
 * @param path Its last part is no link.
 * @throws {RejectedError} Where it is more than the limits, not readable, or neither.
 */
export function takeSnapshot(path: string, limits: SnapshotLimits = LIMITS): Snapshot {
  const taking = new Taking(limits);
  taking.whole(path);
  return snapshotOf(taking.files, taking.notes);
}

class Taking {
  readonly files: SnapshotFile[] = [];
  readonly notes: string[] = [];
  readonly #limits: SnapshotLimits;
  #entries = 0;
  #bytes = 0;

  constructor(limits: SnapshotLimits) {
    this.#limits = limits;
  }

  /** Takes what lies there. */
  whole(at: string): void {
    opened(at, at, (file, stat) => {
      if (stat.isDirectory()) this.#folder(file, at, "");
      else if (stat.isFile()) this.#file(file, stat, basename(at));
      else throw new RejectedError(`Hand in a folder or a file: ${shown(at)} is neither`);
    });
  }

  #folder(folder: number, at: string, path: string): void {
    const { entries, depth } = this.#limits;
    const inside = insideOf(folder, at);
    for (
      const { name, isSymlink, isFile, isDirectory } of readable(path || at, () => list(inside))
    ) {
      const own = path === "" ? name : `${path}/${name}`;
      if (LEFT_OUT.test(own)) continue;
      if (++this.#entries > entries) {
        throw new RejectedError(`Hand in fewer files: there are more than ${entries}`);
      }
      if (own.split("/").length > depth) {
        throw new RejectedError(
          `Hand in fewer folders inside one another: ${shown(own)} is more than ${depth} deep`,
        );
      }
      // That is how Deno tells bytes that are no UTF-8, and then nobody can open it.
      if (name.includes("\ufffd")) this.#leaveOut(own, "its name is not UTF-8");
      else if (isSymlink) this.#leaveOut(own, "it is a symbolic link");
      else if (!isFile && !isDirectory) this.#leaveOut(own, "it is no regular file");
      else this.#entry(`${inside}/${name}`, own);
    }
  }

  /** It may have become something else since its folder was listed. */
  #entry(at: string, path: string): void {
    opened(at, path, (file, stat) => {
      if (stat.isDirectory()) this.#folder(file, at, path);
      else if (stat.isFile()) this.#file(file, stat, path);
      else this.#leaveOut(path, "it is no regular file");
    });
  }

  #file(file: number, { size, mode }: Stats, path: string): void {
    const { bytes: most } = this.#limits;
    if (this.#bytes + size > most) {
      throw new RejectedError(
        `Hand in ${most / 2 ** 20} MiB at most: with ${shown(path)}, of ${size} bytes, it is more`,
      );
    }
    const bytes = readable(path, () => readAll(file, size));
    this.#bytes += bytes.length;
    this.files.push({ path, executable: (mode & 0o111) !== 0, bytes });
  }

  #leaveOut(path: string, reason: string): void {
    this.notes.push(`${shown(path)} was left out: ${reason}`);
  }
}

/** Where the entries of an open folder are found. */
function insideOf(folder: number, at: string): string {
  return Deno.build.os === "linux" ? `/proc/self/fd/${folder}` : at;
}

/** In an order that does not depend on the disk, so that messages do not either. */
function list(folder: string): Deno.DirEntry[] {
  return [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1);
}

function opened(at: string, path: string, use: (file: number, stat: Stats) => void): void {
  const file = readable(path, () => openSync(at, FLAGS));
  try {
    use(file, fstatSync(file));
  } finally {
    closeSync(file);
  }
}

/** What is there of so many bytes: of a file that grows no more, of one that shrinks less. */
function readAll(file: number, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = readSync(file, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return length === size ? bytes : bytes.slice(0, length);
}

function readable<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new RejectedError(`Make ${shown(path)} readable: ${reasonOf(cause)}`, { cause });
  }
}
