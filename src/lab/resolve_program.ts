/** Which file is run: the lab's solution, or the one that the user names. */
import type { Lab } from "./discover.ts";
import { LabError } from "./error.ts";
import type { ProgramNames } from "./manifest.ts";
import { ownConfig } from "./own_config.ts";
import { type Program, runnerOf, spellings } from "./program.ts";
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
  const folders = foldersUp(folder, Deno.realPathSync(rootOf(lab.folder)));
  const config = runner === "deno"
    ? ownConfig(folders, (path) => readOwn(path, uid), () => importNames(lab))
    : undefined;
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

/** A folder and those above it, up to the checkout. */
function* foldersUp(folder: string, top: string): Generator<string> {
  for (let at = folder; at !== top && at !== ""; at = at.slice(0, at.lastIndexOf("/"))) yield at;
}

/** Reads a file of this owner: in /tmp anybody may have left one. */
function readOwn(path: string, owner: number | null): string | null {
  try {
    const { isFile, uid } = Deno.statSync(path);
    return isFile && uid === owner ? Deno.readTextFileSync(path) : null;
  } catch {
    return null; // Not there: one above may be.
  }
}

/** Returns the names that the import map of a lab's checkout has. */
export function importNames({ folder }: Lab): Set<string> {
  const text = Deno.readTextFileSync(`${rootOf(folder)}/labs/imports.json`);
  const { imports } = JSON.parse(text) as { imports: Record<string, string> };
  return new Set(Object.keys(imports));
}

/** The checkout that a lab's folder lies in. */
function rootOf(folder: string): string {
  return folder.slice(0, folder.lastIndexOf("/labs/"));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}
