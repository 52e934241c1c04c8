/** What a student has checked: a folder with programs, or one program's file. */
import { basename, dirname, resolve } from "node:path";
import { type Lab, reasonOf, stemOf } from "../src/lab/mod.ts";
import {
  type HandedIn,
  handedIn,
  isSubmission,
  placeOf,
  programsOf,
  RejectedError,
  type Snapshot,
  takeSnapshot,
} from "../src/grade/mod.ts";
import { UsageError } from "./verb.ts";

/** What there is to check. */
export interface Found {
  handed: HandedIn;
  snapshot: Snapshot;
  /** The folder that its files lie in: an absolute path, links followed. */
  folder: string;
  /** The programs it may be judged by. */
  programs: string[];
}

/**
 * Finds what is to be checked.
 *
 * @param path A folder with files of the lab's names, or the file of one program. Default: the current folder.
 * @param program The program that a file is, where its name does not say so; of a folder, the only one.
 * @throws {UsageError | RejectedError} Where it is neither, or cannot be taken as it is.
 */
export function findSubmission(
  lab: Lab,
  { path, program }: { path?: string | undefined; program?: string | undefined },
): Found {
  const known = programsOf(lab);
  if (program !== undefined && !known.includes(program)) {
    throw new UsageError(
      `Give --program one of ${known.join(", ")}, not '${program}': those are ${lab.manifest.id}'s`,
    );
  }
  const name = resolve(path ?? ".");
  const { real, entries } = lookAt(name, path);
  if (entries === null) {
    return fileAt(real, { lab, name, program: program ?? programOf(lab, name, path) });
  }
  if (!isSubmission(entries, lab)) {
    const { id } = lab.manifest;
    const where = path === undefined ? "the current folder" : path;
    const files = known.map((one) => placeOf(lab, one).file).join(", ");
    throw new UsageError(
      `Give a folder with ${id}'s programs, ./lab check ${id} DIR: ${where} has none of ${files}`,
    );
  }
  const snapshot = takeSnapshot(real);
  const handed = handedIn(snapshot, { lab, name });
  return { handed, snapshot, folder: real, programs: program === undefined ? known : [program] };
}

/** One file, with what lies beside it: that may be what it imports. Where that is too much, alone. */
function fileAt(
  real: string,
  options: { lab: Lab; name: string; program: string },
): Found {
  const found = (snapshot: Snapshot) => {
    const handed = handedIn(snapshot, { ...options, file: basename(real) });
    return { handed, snapshot, folder: dirname(real), programs: handed.programs };
  };
  let beside: Snapshot;
  try {
    // What of it was left out is nobody's business here.
    beside = { ...takeSnapshot(dirname(real)), notes: [] };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return found(takeSnapshot(real));
  }
  return found(beside);
}

function programOf(lab: Lab, at: string, given: string | undefined): string {
  const name = basename(at);
  const stem = name.includes(".") ? stemOf(name) : name;
  const known = programsOf(lab);
  if (known.includes(stem)) return stem;
  throw new UsageError(
    `Add --program NAME (${
      known.join(", ")
    }): by its name, ${given} is none of ${lab.manifest.id}'s programs`,
  );
}

/** What lies there: of a folder, its entries; of a file, none. */
function lookAt(
  at: string,
  given: string | undefined,
): { real: string; entries: Deno.DirEntry[] | null } {
  try {
    const real = Deno.realPathSync(at);
    const { isFile } = Deno.statSync(real);
    return { real, entries: isFile ? null : [...Deno.readDirSync(real)] };
  } catch (cause) {
    const forbidden = cause instanceof Deno.errors.PermissionDenied;
    throw new UsageError(
      forbidden
        ? `Make ${given ?? at} readable: ${reasonOf(cause)}`
        : `Give a folder or file that exists, not ${given ?? at}`,
      { cause },
    );
  }
}
