/** Writing a folder as a whole: all of its files, or nothing. */
import { type NewFile, reasonOf } from "../src/lab/mod.ts";
import { dirname } from "./paths.ts";
import { UsageError } from "./verb.ts";

/** What an earlier call left here that was killed. */
const STAGE = /^\.socklab-new-\d+$/;

/**
 * Writes files into a folder that is empty or not there yet. They are put together in a folder of
 * their own and moved at the end, so that whoever is interrupted leaves no half folder.
 *
 * @param folder An absolute path without a slash at its end.
 * @throws {UsageError} where the folder is not empty, or cannot be written.
 */
export async function writeFolder(
  folder: string,
  files: Iterable<NewFile>,
  signal?: AbortSignal,
): Promise<void> {
  const base = deepestFolder(folder);
  if (base === folder) await checkEmpty(folder);
  const stage = `${base}/.socklab-new-${Deno.pid}`;
  const staged = `${stage}${folder.slice(base.length)}`;
  try {
    await Deno.mkdir(staged, { recursive: true });
    for (const { path, text, executable = false } of files) {
      await Deno.mkdir(dirname(`${staged}/${path}`), { recursive: true });
      await Deno.writeTextFile(`${staged}/${path}`, text);
      if (executable) await Deno.chmod(`${staged}/${path}`, 0o755);
      signal?.throwIfAborted();
    }
    // One entry where the folder was not there: then it appears in one step.
    for (const { name } of [...Deno.readDirSync(stage)]) {
      Deno.renameSync(`${stage}/${name}`, `${base}/${name}`);
    }
  } catch (error) {
    // A full disk is not the caller's fault.
    if (signal?.aborted || !/os error (?!28\b|122\b)/.test(String(error))) throw error;
    throw new UsageError(
      `Choose a folder that you can write, not ${folder}: ${reasonOf(error)}`,
      { cause: error },
    );
  } finally {
    await Deno.remove(stage, { recursive: true }).catch(() => {});
  }
}

/** The folder itself, or the nearest above it that is there. */
function deepestFolder(folder: string): string {
  for (let at = folder; at !== "/"; at = dirname(at)) {
    try {
      if (Deno.statSync(at).isDirectory) return at;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      throw new UsageError(
        `Choose a folder that you can write, not ${folder}: ${reasonOf(error)}`,
      );
    }
    throw new UsageError(`Choose another folder than ${folder}: ${at} is a file`);
  }
  return "";
}

async function checkEmpty(folder: string): Promise<void> {
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  const [first, ...more] = names.filter((name) => !STAGE.test(name));
  if (first !== undefined) {
    throw new UsageError(
      `Choose an empty folder, or one that is not there yet: ${folder} has ${first}` +
        (more.length > 0 ? ` and ${more.length} more` : ""),
    );
  }
  for (const name of names) await Deno.remove(`${folder}/${name}`, { recursive: true });
}
