/** Which labs there are: the folders of `labs/` whose names begin with a lab's id. */
import { LabError } from "./error.ts";
import { type LabManifest, parseManifest } from "./manifest.ts";
import { nearest } from "./nearest.ts";
import { reasonOf } from "./reason.ts";

/** A lab as found on disk. */
export interface Lab {
  /** Its folder: an absolute path without a slash at its end. */
  folder: string;
  manifest: LabManifest;
}

/**
 * Returns the labs of a checkout by their numbers.
 *
 * @param root The checkout: an absolute path without a slash at its end.
 * @throws {LabError} if there are none, or a manifest is missing or wrong.
 */
export function discoverLabs(root: string): Lab[] {
  return labFolders(root).map((name) => readLab(root, name));
}

/**
 * Returns the lab called `name`: `lab3`, `3`, or its folder's name. Other labs' manifests are not
 * read, so that a fault in one does not stop work on another.
 *
 * @param root The checkout: an absolute path without a slash at its end.
 * @throws {LabError} naming the labs that exist, and the nearest, if there is no such lab; or if its
 * manifest is missing or wrong.
 */
export function findLab(root: string, name: string): Lab {
  const folders = labFolders(root);
  const found = matchLab(folders, name);
  if (found !== null) return readLab(root, found);
  const ids = folders.map(idOf);
  const meant = nearest(name, [...ids, ...folders]);
  throw new LabError(
    `Name one of the labs ${ids.join(", ")}, not '${name}'` +
      (meant === undefined ? "" : ` (did you mean ${idOf(meant)}?)`),
  );
}

/** Returns the folder that `name` means, or null: an id, its number, or the folder's own name. */
export function matchLab(folders: readonly string[], name: string): string | null {
  const plain = name.replace(/^(\.\/)?labs\//, "").replace(/\/$/, "").toLowerCase();
  const id = /^\d+$/.test(plain) ? `lab${Number(plain)}` : plain;
  return folders.find((folder) => folder === plain || idOf(folder) === id) ?? null;
}

/** The folders of labs in the order of their numbers. */
function labFolders(root: string): string[] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(`${root}/labs`)].filter((entry) => !entry.isFile)
      .map((entry) => entry.name).filter((name) => /^lab[1-9]\d*-/.test(name));
  } catch (cause) {
    throw new LabError(`Restore ${root}/labs: ${reasonOf(cause)}`, { cause });
  }
  if (names.length === 0) throw new LabError(`Restore ${root}/labs: there is no lab in it`);
  return names.sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
}

function readLab(root: string, name: string): Lab {
  const folder = `${root}/labs/${name}`;
  const file = `labs/${name}/lab.json`;
  let text: string;
  try {
    text = Deno.readTextFileSync(`${folder}/lab.json`);
  } catch (cause) {
    throw new LabError(`Add ${file}: ${reasonOf(cause)}`, { cause });
  }
  const manifest = parseManifest(text, file);
  if (manifest.id !== idOf(name)) {
    throw new LabError(`${file}: write id as "${idOf(name)}", as its folder, not "${manifest.id}"`);
  }
  return { folder, manifest };
}

function idOf(folder: string): string {
  return folder.split("-", 1)[0] ?? folder;
}

function numberOf(folder: string): number {
  return Number(idOf(folder).slice(3));
}
