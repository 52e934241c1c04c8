/** Submissions as a batch begins with them: read once, for what they are and whether they can be graded. */
import type { Lab } from "../../lab/mod.ts";
import {
  fileNameOf,
  type FoundSubmission,
  handedIn,
  RejectedError,
  takeSnapshot,
} from "../submission/mod.ts";
import type { JournalEntry } from "./journal.ts";

/** Returns what was found as a batch has it, in the order of names. */
export function entriesOf(found: readonly FoundSubmission[], lab: Lab): JournalEntry[] {
  return found.map((one) => entryOf(one, lab)).sort((a, b) => a.name < b.name ? -1 : 1);
}

function entryOf({ name, path, program, rejected }: FoundSubmission, lab: Lab): JournalEntry {
  const entry = {
    name,
    path,
    ...(program === undefined ? {} : { program }),
    file: fileNameOf(name),
  };
  if (rejected !== null) return { ...entry, hash: null, rejected };
  try {
    const snapshot = takeSnapshot(path);
    handedIn(snapshot, { lab, name, program });
    return { ...entry, hash: snapshot.hash, rejected: null };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return { ...entry, hash: null, rejected: error.message };
  }
}
