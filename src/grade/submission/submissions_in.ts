/** What lies in a folder of submissions: each folder is one. */
import { HEAD, isArchive } from "./archive.ts";
import { shown } from "./shown.ts";

/** Where a submission was found. */
export interface FoundPath {
  /** An absolute path, its last part no link. */
  path: string;
  /** The absolute path that it goes by. */
  called: string;
  /** The one program that it is, where it is a file. */
  program?: string;
  /** Why it is not taken, in one line; null where nothing is known against it. */
  rejected: string | null;
}

/** Folders that are no student's. */
const NOBODYS = /^(?:\.|__MACOSX$|node_modules$)/;
/** Most names that a line tells. */
const MOST_NAMES = 3;

/**
 * Returns the submissions among the entries of a folder.
 *
 * @param notes Takes a line about what else lies there.
 */
export function submissionsIn(
  folder: string,
  entries: readonly Deno.DirEntry[],
  notes: string[],
): FoundPath[] {
  const left: string[] = [];
  const found = entries.toSorted((a, b) => a.name < b.name ? -1 : 1).flatMap((entry) => {
    const path = `${folder === "/" ? "" : folder}/${entry.name}`;
    const rejected = rejectionOf(path, entry, folder);
    if (NOBODYS.test(entry.name) || rejected === undefined) {
      left.push(entry.name);
      return [];
    }
    return [{ path, called: path, rejected }];
  });
  if (left.length > 0) {
    const names = left.slice(0, MOST_NAMES).map(shown).join(", ");
    const more = left.length > MOST_NAMES ? ` and ${left.length - MOST_NAMES} more` : "";
    notes.push(`Left out of ${shown(folder)}, as they are no submissions: ${names}${more}`);
  }
  return found;
}

/** Why an entry is a submission that is not taken; null where it is one that is, undefined where it is none. */
function rejectionOf(
  path: string,
  { name, isDirectory, isFile, isSymlink }: Deno.DirEntry,
  folder: string,
): string | null | undefined {
  const what = shown(name);
  // That is how Deno tells bytes that are no UTF-8, and then nobody can open it.
  if (name.includes("\ufffd")) return `Rename ${what}: its name is not UTF-8`;
  if (isDirectory) return null;
  if (isSymlink) {
    return leadsInto(folder, path)
      ? undefined
      : `Put a folder in the place of ${what}: it is a symbolic link, which is not followed`;
  }
  if (!isFile) return undefined;
  try {
    return isArchiveAt(path, name) ? `Unpack ${what} first: it is an archive` : undefined;
  } catch {
    return undefined; // Nobody can tell, nor needs to.
  }
}

/** Whether a link leads to another entry of its folder, which then is there anyway. */
function leadsInto(folder: string, link: string): boolean {
  try {
    return Deno.realPathSync(link).startsWith(`${folder}/`);
  } catch {
    return false;
  }
}

/** Returns whether a file is an archive. */
export function isArchiveAt(path: string, name: string): boolean {
  using file = Deno.openSync(path, { read: true });
  const head = new Uint8Array(HEAD);
  return isArchive(name, head.subarray(0, file.readSync(head) ?? 0));
}
