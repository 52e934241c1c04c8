/** How one program of a submission is started: by what its file is, or by a command of `submission.json`. Pure. */
import { normalize } from "node:path";
import { type Lab, type Permission, programCommand, type Runner, runnerOf } from "../../lab/mod.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";
import type { SnapshotFile } from "./snapshot.ts";
import { SUBMISSION_JSON } from "./submission_json.ts";

/** What runs a file, or the words of a command, of which a file of the submission's own is the first. */
export type Way =
  & (
    | { path: string; runner: Runner; permits: readonly Permission[] }
    | { own: string | null; words: readonly string[] }
  )
  & {
    /** The image of ours that has what it takes; null where nobody knows. */
    needs: "deno" | "python" | null;
    /** What it is started with, in a word. */
    first: string;
  };

/** Where a submission's files lie when its programs run, and what runs them there. */
export interface SubmissionPlace {
  /** An absolute path: the programs' working folder, too. */
  folder: string;
  /** The Deno to use. */
  deno: string;
  /** The import map by which programs without a configuration of their own find the standard library. */
  imports: string;
  /** Where Deno keeps what it makes of files; null: nowhere. Default: where it keeps that of its user. */
  cache?: string | null;
  /** The folder that a server may write. Default: `LAB/logs` where runs leave what they make. */
  logs?: string;
}

/** Returns how a file is run. @throws {RejectedError} Where nothing can run it. */
export function fileWay(file: SnapshotFile, lab: Lab): Way {
  const { path, executable } = file;
  const runner = runnerOf(path, executable);
  if (runner !== null) {
    const permits = lab.manifest.permits?.[path] ?? [];
    return {
      path,
      runner,
      permits,
      needs: runner === "itself" ? scriptNeeds(file) : runner,
      first: path,
    };
  }
  throw new RejectedError(
    `Make ${shown(path)} executable (chmod +x), or hand in a .ts, .js or .py file`,
  );
}

/**
 * Returns how a command is run. Words that name files are relative to the submission's folder.
 *
 * @throws {RejectedError} Where it begins with a file that was not handed in, or that nobody may run.
 */
export function commandWay(
  [first, ...words]: readonly string[],
  files: ReadonlyMap<string, SnapshotFile>,
): Way {
  const word = first!;
  const own = files.get(normalize(word));
  if (own?.executable) return { own: own.path, words, needs: scriptNeeds(own), first: own.path };
  if (own !== undefined) {
    throw new RejectedError(
      `Make ${shown(word)} executable (chmod +x): ${SUBMISSION_JSON} starts a program with it`,
    );
  }
  if (word.startsWith("/") || !word.includes("/")) {
    const [, needs = null] = /^(?:.*\/)?(deno|python)[0-9.]*$/.exec(word) ?? [];
    return { own: null, words: [word, ...words], needs: needs as Way["needs"], first: word };
  }
  throw new RejectedError(
    `Hand in ${shown(word)}: ${SUBMISSION_JSON} starts a program with it, and it is not there`,
  );
}

/** What a script takes that names Python in its first line as what runs it (execve(2)). */
function scriptNeeds({ bytes }: SnapshotFile): "python" | null {
  const start = new TextDecoder().decode(bytes.subarray(0, 128));
  return /^#!.*\bpython/.test(start) ? "python" : null;
}

/** Returns the command line, the first word an executable. */
export function commandOf(
  way: Way,
  args: readonly string[],
  { folder, deno, imports, cache, config, writes }: Omit<SubmissionPlace, "logs"> & {
    /** The submission's own configuration of Deno, a path in it. */
    config: string | undefined;
    /** The folder that the program may write. */
    writes: string | undefined;
  },
): string[] {
  if ("words" in way) {
    const own = way.own === null ? [] : [`${folder}/${way.own}`];
    return [...own, ...way.words, ...args];
  }
  const program = {
    ...way,
    path: `${folder}/${way.path}`,
    folder,
    ...(config === undefined ? {} : { config: `${folder}/${config}` }),
  };
  return programCommand(program, args, { deno, imports, writes, cached: cache !== null });
}
