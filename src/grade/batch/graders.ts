/** Graders on either engine: where the files of a submission lie, and which testbed its programs meet. */
import { makeTemporaryFolder } from "../../engine/mod.ts";
import type { Lab } from "../../lab/mod.ts";
import type { Check } from "../check.ts";
import { Sessions } from "../sessions.ts";
import {
  type HandedIn,
  handedIn,
  privateCopy,
  RejectedError,
  SANDBOX_PLACE,
  type Snapshot,
  type SubmissionPlace,
  takeSnapshot,
} from "../submission/mod.ts";
import { gradeSubmission, type GradeSubmissionOptions } from "./grade_submission.ts";
import type { Grader } from "./grader.ts";
import { type BatchTerms, checksFor, type JournalEntry } from "./journal.ts";

/** What graders grade by. */
export interface GraderOptions {
  lab: Lab;
  checks: readonly Check[];
  terms: BatchTerms;
  /** On how many testbeds the checks of a submission run at once. */
  lanes: number;
  /** What programs are run with on this machine. */
  tools: Pick<SubmissionPlace, "deno" | "imports">;
  onNotice: (line: string) => void;
  signal: AbortSignal;
}

/** Returns a grader on the engine of the terms: submissions meet its testbeds one after the other. */
export function graderFor(options: GraderOptions): Grader {
  const { lab, terms, onNotice, signal: whole } = options;
  const { engine, image } = terms;
  const testbeds = Array.from({ length: options.lanes }, () =>
    new Sessions({
      ...{ lab, engine, seed: BigInt(terms.seed), ambient: terms.netem, onNotice, signal: whole },
    }));
  return {
    ready: async () => void await testbeds[0]!.get(),
    async grade(entry, told, signal) {
      const { name, program } = entry;
      const snapshot = unchanged(entry);
      const handed = handedIn(snapshot, { lab, name, program, image });
      using placed = engine === "docker"
        ? shutIn(handed, snapshot)
        : onThisMachine(handed, snapshot, options.tools);
      const checks = checksFor(entry, options.checks);
      return await gradeSubmission(snapshot, {
        ...{ ...options, ...told, ...placed, checks, testbeds, signal },
      });
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(testbeds.map((sessions) => sessions[Symbol.asyncDispose]()));
    },
  };
}

/** Where a submission's files lie, and how its programs are started there. Disposing takes them away. */
type Placed = Pick<GradeSubmissionOptions, "submission" | "sandbox"> & Disposable;

/** In containers of its own: nothing of it is on this machine. */
function shutIn({ at, image }: HandedIn, { files }: Snapshot): Placed {
  return {
    submission: at(SANDBOX_PLACE),
    sandbox: { image, files },
    [Symbol.dispose]() {}, // They go with the sandbox.
  };
}

/** In a copy, for programs that are trusted. */
function onThisMachine(
  { at }: HandedIn,
  snapshot: Snapshot,
  tools: GraderOptions["tools"],
): Placed {
  const places = new DisposableStack();
  const { folder } = places.use(privateCopy(snapshot));
  // What is made of files that nobody sees again would stay in the user's own cache.
  const { folder: cache } = places.use(makeTemporaryFolder("cache"));
  return {
    submission: at({ ...tools, folder, cache }),
    [Symbol.dispose]: () => places.dispose(),
  };
}

/** Reads a submission anew. @throws {RejectedError} Where it is another than the journal has. */
function unchanged({ path, hash }: JournalEntry): Snapshot {
  const snapshot = takeSnapshot(path);
  if (snapshot.hash === hash) return snapshot;
  throw new RejectedError("Grade it again: it was changed while its batch was being graded");
}
