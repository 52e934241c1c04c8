/** Where a rig's disks are kept: made once, found whole or not at all. */
import { exists } from "../../../scripts/paths.ts";

/** Says what a folder holds, once that is whole: each file's size in bytes, by name. */
const LIST = "list.json";

/** How many folders of a kind stay: this checkout's, and one more for a branch that is compared. */
const KEPT = 2;

/** Returns the folder of the cache. @throws {Error} Where the user has none. */
export function cacheFolder(env: (name: string) => string | undefined = Deno.env.get): string {
  const cache = env("XDG_CACHE_HOME") || (env("HOME") && `${env("HOME")}/.cache`);
  if (!cache) throw new Error("Set HOME or XDG_CACHE_HOME: the rig's disks are kept there");
  return `${cache}/socklab/rig`;
}

/**
 * Returns the folder `kind-name` of the cache with what `make` puts there, made now if it is not there or not whole. Two
 * that want it at once make it once. Others of the kind go, but for the last one used.
 *
 * @param make Fills a folder, which gets its name only once that has succeeded.
 */
export async function cached(
  kind: string,
  name: string,
  make: (folder: string) => Promise<void>,
  parent = cacheFolder(),
): Promise<string> {
  const folder = `${parent}/${kind}-${name}`;
  Deno.mkdirSync(parent, { recursive: true });
  // Let go of by whoever holds it, however that ends.
  using lock = await Deno.open(`${parent}/${kind}.lock`, { create: true, write: true });
  await lock.lock(true);
  for (const entry of Deno.readDirSync(parent)) {
    if (entry.name.startsWith(`${kind}-`) && entry.name.endsWith(".part")) {
      Deno.removeSync(`${parent}/${entry.name}`, { recursive: true });
    }
  }
  if (!isWhole(folder)) {
    const part = `${folder}.part`;
    const drop = () => Deno.removeSync(part, { recursive: true });
    Deno.mkdirSync(part);
    // Vitest does not wait for anybody when it is interrupted.
    addEventListener("unload", drop);
    try {
      await make(part);
      Deno.writeTextFileSync(`${part}/${LIST}`, JSON.stringify(sizes(part)));
      if (exists(folder)) Deno.removeSync(folder, { recursive: true });
      Deno.renameSync(part, folder);
    } catch (error) {
      drop();
      throw error;
    } finally {
      removeEventListener("unload", drop);
    }
  }
  const now = new Date();
  Deno.utimeSync(`${folder}/${LIST}`, now, now);
  prune(parent, kind);
  return folder;
}

/** Returns whether a folder holds what its list says. */
export function isWhole(folder: string): boolean {
  try {
    const list = JSON.parse(Deno.readTextFileSync(`${folder}/${LIST}`)) as Record<string, number>;
    const there = sizes(folder);
    return Object.entries(list).every(([name, size]) => there[name] === size);
  } catch {
    return false;
  }
}

function sizes(folder: string): Record<string, number> {
  const files = [...Deno.readDirSync(folder)].filter(({ name }) => name !== LIST);
  return Object.fromEntries(
    files.map(({ name }) => [name, Deno.statSync(`${folder}/${name}`).size]),
  );
}

function prune(parent: string, kind: string): void {
  const used = (name: string) => {
    try {
      return Deno.statSync(`${parent}/${name}/${LIST}`).mtime?.getTime() ?? 0;
    } catch {
      return 0;
    }
  };
  const folders = [...Deno.readDirSync(parent)]
    .filter(({ name, isDirectory }) => isDirectory && name.startsWith(`${kind}-`))
    .map(({ name }) => ({ name, at: used(name) }))
    .sort((a, b) => b.at - a.at);
  for (const { name } of folders.slice(KEPT)) {
    Deno.removeSync(`${parent}/${name}`, { recursive: true });
  }
}
