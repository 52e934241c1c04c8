/** How one program of a submission is started: by what its file is, or by a command of `submission.json`. Pure. */
import { normalize } from "node:path";
import { type Lab, type Permission, programCommand, type Runner, runnerOf } from "../../lab/mod.ts";
import { RejectedError } from "./rejected_error.ts";
import { shown } from "./shown.ts";
import type { SnapshotFile } from "./snapshot.ts";
import { SUBMISSION_JSON } from "./submission_json.ts";

/** What runs a file, or the words of a command: of its own executable, the path in the submission comes first. */
export type Way =
  | { path: string; runner: Runner; permits: readonly Permission[] }
  | { own: string | null; words: readonly string[] };

/** Where a submission's files lie when its programs run, and what runs them there. */
export interface SubmissionPlace {
  /** An absolute path: the programs' working folder, too. */
  folder: string;
  /** The Deno to use. */
  deno: string;
  /** The import map by which programs without a configuration of their own find the standard library. */
  imports: string;
  /** The folder that a server may write. Default: `LAB/logs` where runs leave what they make. */
  logs?: string;
}

/** Returns how a file is run. @throws {RejectedError} Where nothing can run it. */
export function fileWay({ path, executable }: SnapshotFile, lab: Lab): Way {
  const runner = runnerOf(path, executable);
  if (runner !== null) return { path, runner, permits: lab.manifest.permits?.[path] ?? [] };
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
  if (own?.executable) return { own: own.path, words };
  if (own !== undefined) {
    throw new RejectedError(
      `Make ${shown(word)} executable (chmod +x): ${SUBMISSION_JSON} starts a program with it`,
    );
  }
  if (word.startsWith("/") || !word.includes("/")) return { own: null, words: [word, ...words] };
  throw new RejectedError(
    `Hand in ${shown(word)}: ${SUBMISSION_JSON} starts a program with it, and it is not there`,
  );
}

/** Returns whether Python is needed. */
export function needsPython(way: Way): boolean {
  if ("runner" in way) return way.runner === "python";
  return way.own === null && /^(?:.*\/)?python[0-9.]*$/.test(way.words[0]!);
}

/** Returns the command line, the first word an executable. */
export function commandOf(
  way: Way,
  args: readonly string[],
  { folder, deno, imports, config, writes }: Omit<SubmissionPlace, "logs"> & {
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
  return programCommand(program, args, { deno, imports, writes });
}
