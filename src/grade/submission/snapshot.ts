/** A submission in memory: what was handed in, at one moment. Pure; `take_snapshot.ts` reads the disk. */
import { createHash } from "node:crypto";

/** A file of a submission. */
export interface SnapshotFile {
  /** Path in the submission, with slashes. */
  path: string;
  /** Whether somebody may run it. */
  executable: boolean;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A submission as it was at one moment. */
export interface Snapshot {
  /** By path, in the order of their UTF-16 code units. */
  files: readonly SnapshotFile[];
  /** What was left out and why, a line each. */
  notes: readonly string[];
  /** SHA-256 of paths, modes and bytes, in hexadecimal: the same for the same submission, wherever it lies. */
  hash: string;
}

/** Returns files as a snapshot. */
export function snapshotOf(
  files: readonly SnapshotFile[],
  notes: readonly string[] = [],
): Snapshot {
  const sorted = files.toSorted((a, b) => a.path < b.path ? -1 : 1);
  return { files: sorted, notes, hash: hashOf(sorted) };
}

/** Lengths come first, so that no two submissions read the same. */
function hashOf(files: readonly SnapshotFile[]): string {
  const hash = createHash("sha256");
  for (const { path, executable, bytes } of files) {
    const name = new TextEncoder().encode(path);
    hash.update(`${name.length} ${bytes.length} ${executable ? "x" : "-"} `).update(name);
    hash.update(bytes);
  }
  return hash.digest("hex");
}
