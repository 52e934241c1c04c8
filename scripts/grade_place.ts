/** Where batches lie: `OUT/LAB/grades/START`. */
import { exists } from "./paths.ts";
import { folderName } from "../src/run/mod.ts";
import { UsageError } from "./verb.ts";

/** Makes a folder for a batch that begins now, unless that cannot be done; returns its path. */
export function freshFolder(out: string, lab: string, started: Date): string {
  const base = `${out}/${lab}/grades`, name = folderName(started);
  // Two may begin in one second.
  for (let n = 1;; n++) {
    const path = `${base}/${n === 1 ? name : `${name}-${n}`}`;
    try {
      Deno.mkdirSync(base, { recursive: true });
      Deno.mkdirSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists && exists(path)) continue;
      // Who takes it says why.
    }
    return path;
  }
}

/** Returns the path of a lab's latest batch. @throws {UsageError} Where there is none. */
export function latestFolder(out: string, lab: string): string {
  const base = `${out}/${lab}/grades`;
  const latest = namesIn(base).filter((name) => exists(`${base}/${name}/batch.json`)).sort().at(-1);
  if (latest !== undefined) return `${base}/${latest}`;
  throw new UsageError(`Name the batch by --out, or leave out --resume: there is none in ${base}`);
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return []; // None yet.
  }
}
