/** Which file is run: the lab's solution, or the one that the user names. */
import type { Lab } from "./discover.ts";
import { isForEditor } from "./editor_config.ts";
import { LabError } from "./error.ts";
import type { ProgramNames } from "./manifest.ts";
import { type Program, runnerOf } from "./program.ts";
import { reasonOf } from "./reason.ts";

/** What a lab's programs are for. A swarm is a client too. */
export type Role = keyof ProgramNames;

/** What a user may say about which program is run. */
export interface ResolveOptions {
  /** A file, or a folder with a file of the lab's name for it. Default: the lab's solution. */
  path?: string;
}

/**
 * Returns the program that plays a role in a lab.
 *
 * @throws {LabError} saying what to do, if it is not there or nothing can run it.
 */
export function resolveProgram(lab: Lab, role: Role, options: ResolveOptions = {}): Program {
  const { programs, permits = {} } = lab.manifest;
  const name = programs[role];
  if (name === undefined) throw new RangeError(`${lab.manifest.id} has no ${role}`);
  const root = lab.folder.slice(0, lab.folder.lastIndexOf("/labs/"));
  const option = role === "server" ? "--server" : "--client";
  const given = options.path ?? `${lab.folder}/solution/${name}`;
  const path = isFolder(given, option) ? fileIn(given, name, option) : given;
  const real = Deno.realPathSync(path);
  const { isFile, mode, uid } = Deno.statSync(real);
  if (!isFile) throw new LabError(`Give ${option} a program's file: ${given} is none`);
  const runner = runnerOf(real, ((mode ?? 0) & 0o111) !== 0);
  if (runner === null) {
    throw new LabError(
      `Make ${given} executable (chmod +x), or give ${option} a .ts, .js or .py file`,
    );
  }
  try {
    Deno.openSync(real, { read: true }).close();
  } catch (cause) {
    throw unreadable(given, cause);
  }
  const folder = folderOf(real);
  const config = runner === "deno" ? ownConfig(folder, root, uid) : undefined;
  return {
    path: real,
    folder,
    runner,
    ...(config === undefined ? {} : { config }),
    permits: permits[path.slice(path.lastIndexOf("/") + 1)] ?? [],
  };
}

function isFolder(path: string, option: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new LabError(`Give ${option} a file that exists, not ${path}`, { cause });
    }
    if (cause instanceof Deno.errors.PermissionDenied) throw unreadable(path, cause);
    throw new LabError(`Give ${option} a file that exists, not ${path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}

/**
 * Returns the program in a folder: the lab's name for it, or the same in another language; null where it has none.
 *
 * @throws {LabError} where one may not look into the folder.
 */
export function programIn(folder: string, name: string): string | null {
  const clean = folder.replace(/\/+$/, "");
  try {
    return spellings(name).map((one) => `${clean}/${one}`).find(isFileAt) ?? null;
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function unreadable(path: string, cause: unknown): LabError {
  return new LabError(`Make ${path} readable: ${reasonOf(cause)}`, { cause });
}

/** A program's file name, and what it is called in other languages. */
function spellings(name: string): string[] {
  const stem = name.slice(0, name.lastIndexOf("."));
  return [name, `${stem}.js`, `${stem}.py`, stem];
}

function isFileAt(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) throw error;
    return false;
  }
}

function fileIn(folder: string, name: string, option: string): string {
  const found = programIn(folder, name);
  if (found !== null) return found;
  throw new LabError(
    `Give ${option} a file: the folder ${folder} has no ${spellings(name).join(", ")}`,
  );
}

/**
 * The nearest Deno configuration at or above a folder, unless that is the checkout's own or says nothing that running the
 * program needs. It must be the program's owner's: in /tmp anybody may have left one.
 */
function ownConfig(folder: string, root: string, owner: number | null): string | undefined {
  const top = Deno.realPathSync(root);
  for (let at = folder; at !== top && at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      try {
        const { isFile, uid } = Deno.statSync(`${at}/${name}`);
        if (!isFile || uid !== owner) continue;
        const text = Deno.readTextFileSync(`${at}/${name}`);
        const read = (map: string) => Deno.readTextFileSync(map[0] === "/" ? map : `${at}/${map}`);
        return isForEditor(text, ourImports(top), read) ? undefined : `${at}/${name}`;
      } catch {
        // Not there: one above may be.
      }
    }
  }
}

/** The names that our import map has. */
function ourImports(root: string): Set<string> {
  const { imports } = JSON.parse(Deno.readTextFileSync(`${root}/labs/imports.json`));
  return new Set(Object.keys(imports as Record<string, string>));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
