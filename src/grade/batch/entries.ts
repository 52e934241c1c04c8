/** Submissions as a batch begins with them: read once, for what they are and whether they can be graded. */
import {
  fileNameOf,
  type FoundSubmission,
  handedIn,
  type HandedInOptions,
  RejectedError,
  takeSnapshot,
} from "../submission/mod.ts";
import type { JournalEntry } from "./journal.ts";

/** Returns what was found as a batch has it, in the order of names. */
export function entriesOf(
  found: readonly FoundSubmission[],
  options: Pick<HandedInOptions, "lab" | "image">,
): JournalEntry[] {
  return found.map((one) => entryOf(one, options)).sort((a, b) => a.name < b.name ? -1 : 1);
}

function entryOf(
  { name, path, program, rejected }: FoundSubmission,
  options: Pick<HandedInOptions, "lab" | "image">,
): JournalEntry {
  const entry = {
    name,
    path,
    ...(program === undefined ? {} : { program }),
    file: fileNameOf(name),
  };
  if (rejected !== null) return { ...entry, hash: null, rejected };
  try {
    const snapshot = takeSnapshot(path);
    handedIn(snapshot, { ...options, name, program });
    return { ...entry, hash: snapshot.hash, rejected: null };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return { ...entry, hash: null, rejected: error.message };
  }
}
