/** The folder that the programs of a check may write, and what they leave in it. */
import { removeAll } from "../engine/mod.ts";

/**
 * Empties the folder, which stays the same: it may be mounted already. It is made where it is not there, and in the place
 * of a link that a program put there.
 */
export function emptyFolder(folder: string): void {
  if (isThere(folder) && !Deno.lstatSync(folder).isDirectory) Deno.removeSync(folder);
  Deno.mkdirSync(folder, { recursive: true });
  const mode = Deno.statSync(folder).mode ?? 0;
  if ((mode & 0o700) !== 0o700) Deno.chmodSync(folder, mode & 0o7777 | 0o700);
  for (const { name } of Deno.readDirSync(folder)) removeAll(`${folder}/${name}`);
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
