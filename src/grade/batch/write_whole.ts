/** Files that are there whole or not at all. */
import { dirname } from "node:path";

/**
 * Writes a file: who reads it, at whatever moment and whatever becomes of this process or its machine, finds all of it or
 * what was there before.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const part = `${path}.part`;
  const file = await Deno.open(part, { write: true, create: true, truncate: true });
  try {
    using open = file;
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length;) at += await open.write(bytes.subarray(at));
    await open.sync();
    await Deno.rename(part, path);
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Makes sure that the names in a folder outlive a power failure. */
export async function syncFolder(path: string): Promise<void> {
  using folder = await Deno.open(path);
  await folder.sync();
}
