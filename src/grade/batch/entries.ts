/** Submissions as a batch begins with them: read once, for what they are and whether they can be graded. */
import type { Lab } from "../../lab/mod.ts";
import {
  fileNameOf,
  type FoundSubmission,
  handedIn,
  RejectedError,
  shown,
  takeSnapshot,
} from "../submission/mod.ts";
import type { BatchTerms, JournalEntry } from "./journal.ts";

/** By what it is decided whether a submission can be graded. */
export interface EntriesOptions extends Pick<BatchTerms, "engine" | "image"> {
  lab: Lab;
}

/** Returns what was found as a batch has it, in the order of names. */
export function entriesOf(
  found: readonly FoundSubmission[],
  options: EntriesOptions,
): JournalEntry[] {
  return found.map((one) => entryOf(one, options)).sort((a, b) => a.name < b.name ? -1 : 1);
}

function entryOf(
  { name, path, program, rejected }: FoundSubmission,
  { lab, engine, image }: EntriesOptions,
): JournalEntry {
  const entry = { name, path, ...(program && { program }), file: fileNameOf(name) };
  try {
    if (rejected !== null) throw new RejectedError(rejected);
    const snapshot = takeSnapshot(path);
    const { foreign } = handedIn(snapshot, { lab, name, program, image });
    if (engine === "docker" && foreign !== null) {
      const what = shown(foreign);
      throw new RejectedError(
        `Grade it with --image: images of ours have nothing to run ${what} with`,
      );
    }
    return { ...entry, hash: snapshot.hash, rejected: null };
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    return { ...entry, hash: null, rejected: error.message };
  }
}
