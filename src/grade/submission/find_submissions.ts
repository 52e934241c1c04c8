/** Which submissions the paths of a command line mean. Looks at names and kinds of files; of archives, at how they begin. */
import { resolve } from "node:path";
import { type Lab, reasonOf, spellings, stemOf } from "../../lab/mod.ts";
import { placeOf, programsOf } from "../programs.ts";
import { type FoundPath, isArchiveAt, submissionsIn } from "./submissions_in.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";
import { SUBMISSION_JSON } from "./submission_json.ts";
import { uniqueNames } from "./unique_names.ts";

/** A submission that was found. */
export interface FoundSubmission extends Omit<FoundPath, "called"> {
  /** Unlike any other's: the last parts of what its path is called. */
  name: string;
}

/** What was found. */
export interface FoundSubmissions {
  /** As their paths were given, those of one folder by their names. */
  submissions: FoundSubmission[];
  /** What else lies there and was left out, a line each. */
  notes: string[];
}

/**
 * Finds submissions.
 *
 * @param paths Each is one submission, a folder with any of the lab's programs or a `submission.json`; or one program's
 * file; or a folder of submissions, each folder in it one.
 * @throws {RejectedError} Where a path is none of these; whatever lies in a folder of submissions is told by itself.
 */
export function findSubmissions(paths: readonly string[], lab: Lab): FoundSubmissions {
  const notes: string[] = [];
  const all = paths.flatMap((path) => foundAt(path, lab, notes));
  // One may have been given twice.
  const found = [...new Map(all.map((one) => [one.path, one])).values()];
  const names = uniqueNames(found.map(({ called }) => called));
  const submissions = found.map(({ called: _, ...one }, index) => ({
    ...one,
    name: names[index]!,
  }));
  return { submissions, notes };
}

function foundAt(given: string, lab: Lab, notes: string[]): FoundPath[] {
  const called = resolve(given);
  const { path, stat } = resolved(given);
  if (stat.isFile) return [{ path, called, program: programAt(given, path, lab), rejected: null }];
  if (!stat.isDirectory) {
    throw new RejectedError(`Give a folder or a program's file: ${shown(given)} is neither`);
  }
  const entries = readable(given, () => [...Deno.readDirSync(path)]);
  if (isSubmission(entries, lab)) return [{ path, called, rejected: null }];
  const found = submissionsIn(path, entries, notes);
  if (found.length > 0) return found;
  throw new RejectedError(
    `Give a folder with ${lab.manifest.id}'s programs (${filesOf(lab).join(", ")}), ` +
      `or one of such folders: ${shown(given)} ${entries.length === 0 ? "is empty" : "is neither"}`,
  );
}

/** A path that the caller gives may be a link: what it leads to is meant. */
function resolved(given: string): { path: string; stat: Deno.FileInfo } {
  try {
    const path = Deno.realPathSync(resolve(given));
    return { path, stat: Deno.statSync(path) };
  } catch (cause) {
    if (cause instanceof Deno.errors.PermissionDenied) throw unreadable(given, cause);
    throw new RejectedError(`Give a folder or file that exists, not ${shown(given)}`, { cause });
  }
}

/** Which program a file is, by the name that the caller calls it. */
function programAt(given: string, path: string, lab: Lab): string {
  const name = resolve(given).split("/").at(-1)!;
  const stem = name.includes(".") ? stemOf(name) : name;
  if (programsOf(lab).includes(stem)) return stem;
  if (readable(given, () => isArchiveAt(path, name))) {
    throw new RejectedError(`Unpack ${shown(given)} and give the folder: it is an archive`);
  }
  throw new RejectedError(
    `Give a folder, or a file that is called as one of ${lab.manifest.id}'s programs ` +
      `(${filesOf(lab).join(", ")}): ${shown(given)} is neither`,
  );
}

/** Returns whether a folder with these entries is a submission: it has a program of the lab's, or says what it has. */
export function isSubmission(entries: Iterable<Deno.DirEntry>, lab: Lab): boolean {
  const wanted = new Set([SUBMISSION_JSON, ...filesOf(lab).flatMap(spellings)]);
  return [...entries].some(({ name, isDirectory }) => !isDirectory && wanted.has(name));
}

function filesOf(lab: Lab): string[] {
  return programsOf(lab).map((program) => placeOf(lab, program).file);
}

function readable<T>(given: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw unreadable(given, cause);
  }
}

function unreadable(given: string, cause: unknown): RejectedError {
  return new RejectedError(`Make ${shown(given)} readable: ${reasonOf(cause)}`, { cause });
}
