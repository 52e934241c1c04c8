/** Temporary folders: gone when they are disposed of or the process exits; what killed ones leave, the next removes. */
import { exists } from "./process.ts";
import { removeAll } from "./remove_all.ts";

/** A folder of our own. */
export interface TemporaryFolder extends Disposable {
  /** Its absolute path. */
  readonly folder: string;
}

/**
 * Makes a folder where temporary files go (TMPDIR), and removes those that were made for the same and whose process was
 * killed.
 *
 * @param purpose A word of its name.
 */
export function makeTemporaryFolder(purpose: string): TemporaryFolder {
  const prefix = `socklab-${purpose}-`;
  sweep(prefix);
  const folder = Deno.makeTempDirSync({ prefix: `${prefix}${Deno.pid}-` });
  const remove = () => removeIfOurs(folder);
  // A second Ctrl-C exits at once, and waits for no disposal.
  globalThis.addEventListener("unload", remove);
  return {
    folder,
    [Symbol.dispose]() {
      globalThis.removeEventListener("unload", remove);
      remove();
    },
  };
}

function sweep(prefix: string): void {
  const parent = Deno.env.get("TMPDIR") ?? "/tmp";
  for (const { name } of Deno.readDirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)-/.exec(name.slice(prefix.length))?.[1];
    if (pid !== undefined && !exists(Number(pid))) removeIfOurs(`${parent}/${name}`);
  }
}

function removeIfOurs(folder: string): void {
  try {
    removeAll(folder);
  } catch {
    // Another user's, or gone.
  }
}
