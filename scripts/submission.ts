/** What a student hands in: a folder with programs, or one program's file. */
import { resolve } from "node:path";
import { type Lab, pairWith, programIn, reasonOf, stemOf } from "../src/lab/mod.ts";
import { placeOf, programsOf, requestOf, type Submission } from "../src/grade/mod.ts";
import { clientProgram, serverProgram } from "./lab_programs.ts";
import { UsageError } from "./verb.ts";

/** Returns a folder of programs as a submission. */
export function folderSubmission(root: string, lab: Lab, folder: string): Submission {
  return submissionOf(root, lab, folder, (file) => programIn(folder, file));
}

/** Returns one program's file as a submission; no check of another program can be run against it. */
export function fileSubmission(root: string, lab: Lab, file: string): Submission {
  return submissionOf(root, lab, file, () => file);
}

function submissionOf(
  root: string,
  lab: Lab,
  name: string,
  find: (file: string) => string | null,
): Submission {
  const pathOf = (program: string) => find(placeOf(lab, program).file) ?? undefined;
  return {
    name,
    missing(program) {
      const { file } = placeOf(lab, program);
      return find(file) === null ? file : null;
    },
    server(program, { out }) {
      return serverProgram(root, pairWith(lab, program), { path: pathOf(program), out }).spec;
    },
    client(program, { host, mode = "keyboard", values }) {
      return clientProgram(root, pairWith(lab, program), {
        host,
        path: pathOf(program),
        mode,
        ...requestOf(values),
      }).spec;
    },
  };
}

/** A submission, and the programs of which it holds any. */
export interface Found {
  submission: Submission;
  /** The programs it may be judged by. */
  programs: string[];
}

/**
 * Finds what was handed in.
 *
 * @param path A folder with files of the lab's names, or the file of one program. Default: the current folder.
 * @param program The program that a file is, where its name does not say so.
 * @throws {UsageError} Where it is neither.
 */
export function findSubmission(
  root: string,
  lab: Lab,
  { path, program }: { path?: string | undefined; program?: string | undefined },
): Found {
  const programs = programsOf(lab);
  if (program !== undefined && !programs.includes(program)) {
    throw new UsageError(
      `Give --program one of ${
        programs.join(", ")
      }, not '${program}': those are ${lab.manifest.id}'s`,
    );
  }
  const at = resolve(path ?? ".");
  if (isFile(at, path)) {
    const name = at.slice(at.lastIndexOf("/") + 1);
    const stem = program ?? (name.includes(".") ? stemOf(name) : name);
    if (!programs.includes(stem)) {
      throw new UsageError(
        `Add --program NAME (${
          programs.join(", ")
        }): by its name, ${path} is none of ${lab.manifest.id}'s programs`,
      );
    }
    return { submission: fileSubmission(root, lab, at), programs: [stem] };
  }
  const files = programs.map((one) => placeOf(lab, one).file);
  if (!files.some((file) => programIn(at, file) !== null)) {
    const where = path === undefined ? "the current folder" : path;
    throw new UsageError(
      `Give a folder with ${lab.manifest.id}'s programs, ./lab check ${lab.manifest.id} DIR: ${where} has none of ${
        files.join(", ")
      }`,
    );
  }
  const wanted = program === undefined ? programs : [program];
  return { submission: folderSubmission(root, lab, at), programs: wanted };
}

function isFile(at: string, given: string | undefined): boolean {
  try {
    return Deno.statSync(at).isFile;
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
