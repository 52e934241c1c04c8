/** As whom a program runs in a container, and whether that user can read it. */
import type { ContainerProgram } from "../program.ts";
import { UnfitError } from "../unfit_error.ts";

/** A user by its numbers. */
export interface ContainerUser {
  uid: number;
  gid: number;
}

/** Nobody in particular: for what root runs of its own. */
const NOBODY: ContainerUser = { uid: 65534, gid: 65534 };
/** Where the system has no user ids (Windows). */
const ORDINARY: ContainerUser = { uid: 1000, gid: 1000 };

/** What the programs' image has, and what every container gets: a program's folder must not lie over any of it. */
const NEEDED = [
  "/bin",
  "/dev/shm",
  "/etc/passwd",
  "/lib",
  "/lib64",
  "/opt/socklab",
  "/proc/self",
  "/sbin",
  "/sys/fs",
  "/usr/bin",
  "/usr/lib",
  "/usr/local/bin",
];

/** Returns whoever runs the tool; for root, the first owner of `folders` that is not root, else nobody in particular. */
export function containerUser(folders: readonly string[]): ContainerUser {
  const uid = Deno.uid(), gid = Deno.gid();
  if (uid === null || gid === null) return ORDINARY;
  if (uid !== 0) return { uid, gid };
  for (const folder of folders) {
    try {
      const owner = Deno.statSync(folder);
      if (owner.uid !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid ?? 65534 };
    } catch {
      // Who reads it will hear of it.
    }
  }
  return NOBODY;
}

/** Returns the folders that are mounted for a program: those of the files that it reads, without those inside others. */
export function foldersOf(reads: readonly string[]): string[] {
  const folders = [...new Set(reads.map((file) => file.slice(0, file.lastIndexOf("/")) || "/"))];
  return folders.filter((folder) =>
    !folders.some((other) =>
      other !== folder && folder.startsWith(`${other === "/" ? "" : other}/`)
    )
  ).sort();
}

/**
 * Checks that a program can be run in a container: its folder hides nothing there, its user may read its files.
 *
 * @throws {UnfitError} saying what to do.
 */
export function checkFit({ reads }: ContainerProgram, user: ContainerUser): void {
  for (const folder of foldersOf(reads)) {
    if (hidesOurs(folder)) {
      throw new UnfitError(
        `Put the program into a folder of its own, or use --engine local: a container has its own ${folder}`,
      );
    }
  }
  for (const file of reads) {
    for (const path of [file.slice(0, file.lastIndexOf("/")) || "/", file]) {
      if (isReadable(path, user)) continue;
      const what = path === file ? "r" : "rx";
      throw new UnfitError(
        `Let others read ${path} (chmod o+${what}), or use --engine local: ` +
          `in a container the program runs as user ${user.uid}, who may not`,
      );
    }
  }
}

/** Whether a folder, mounted where it lies, would hide something that a container has of its own. */
export function hidesOurs(folder: string): boolean {
  const base = folder === "/" ? "" : folder;
  return NEEDED.some((path) => path === base || path.startsWith(`${base}/`));
}

/** Whether a user may read a file, or enter and list a folder; by the mode alone: access control lists are left to the kernel. */
export function isReadable(path: string, { uid, gid }: ContainerUser): boolean {
  try {
    const { mode, uid: owner, gid: group, isDirectory } = Deno.statSync(path);
    if (mode === null) return true;
    const shift = owner === uid ? 6 : group === gid ? 3 : 0;
    const wanted = isDirectory ? 0o5 : 0o4;
    return (mode >> shift & wanted) === wanted;
  } catch {
    return true; // Whoever starts it will hear of it.
  }
}
