/** Graders on each engine: where the files of a submission lie, and which testbed its programs meet. */
import type { Lab } from "../../lab/mod.ts";
import type { Check } from "../check.ts";
import { Sessions } from "../sessions.ts";
import {
  handedIn,
  privateCopy,
  RejectedError,
  SANDBOX_PLACE,
  type Snapshot,
  type SubmissionPlace,
  takeSnapshot,
} from "../submission/mod.ts";
import { gradeSubmission } from "./grade_submission.ts";
import type { Grader } from "./grader.ts";
import { type BatchTerms, checksFor, type JournalEntry } from "./journal.ts";

/** What graders grade by. */
export interface GraderOptions {
  lab: Lab;
  checks: readonly Check[];
  terms: BatchTerms;
  /** What programs are run with on this machine. */
  tools: Pick<SubmissionPlace, "deno" | "imports">;
  onNotice: (line: string) => void;
  signal: AbortSignal;
}

/** Returns a grader on the engine of the terms. */
export function graderFor(options: GraderOptions): Grader {
  return options.terms.engine === "docker" ? inSandboxes(options) : onThisMachine(options);
}

/** Each submission in containers of its own, one after the other on one network: nothing of it is on this machine. */
function inSandboxes(options: GraderOptions): Grader {
  const { lab, terms, onNotice, signal: whole } = options;
  const sessions = new Sessions({
    ...{ lab, engine: "docker", seed: BigInt(terms.seed), onNotice, signal: whole },
  });
  return {
    ready: async () => void await sessions.get(),
    async grade(entry, told, signal) {
      const snapshot = unchanged(entry);
      const { at, image } = handedIn(snapshot, { ...entry, lab, image: terms.image });
      const checks = checksFor(entry, options.checks);
      return await gradeSubmission(snapshot, {
        ...{ ...options, ...told, checks, sessions, signal },
        ...{ submission: at(SANDBOX_PLACE), sandbox: { image, files: snapshot.files } },
      });
    },
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}

/** All submissions on one testbed, one after the other: for programs that are trusted. */
function onThisMachine(options: GraderOptions): Grader {
  const { lab, terms, tools, onNotice, signal: whole } = options;
  const sessions = new Sessions({
    ...{ lab, engine: "local", seed: BigInt(terms.seed), onNotice, signal: whole },
  });
  return {
    ready: async () => void await sessions.get(),
    async grade(entry, told, signal) {
      const snapshot = unchanged(entry);
      const { at } = handedIn(snapshot, { ...entry, lab, image: terms.image });
      using copy = privateCopy(snapshot);
      const submission = at({ ...tools, folder: copy.folder });
      const checks = checksFor(entry, options.checks);
      return await gradeSubmission(snapshot, {
        ...{ ...options, ...told, checks, submission, sessions, signal },
      });
    },
    [Symbol.asyncDispose]: () => sessions[Symbol.asyncDispose](),
  };
}

/** Reads a submission anew. @throws {RejectedError} Where it is another than the journal has. */
function unchanged({ path, hash }: JournalEntry): Snapshot {
  const snapshot = takeSnapshot(path);
  if (snapshot.hash === hash) return snapshot;
  throw new RejectedError("Grade it again: it was changed while its batch was being graded");
}
