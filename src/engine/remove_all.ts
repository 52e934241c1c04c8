/** Removing what programs have left. */

/**
 * Removes a file, or a folder with all in it, whatever permissions its owner has taken away. Links are not followed.
 *
 * @throws {Deno.errors.PermissionDenied} Where it is another user's.
 */
export function removeAll(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
    unlock(path);
    Deno.removeSync(path, { recursive: true });
  }
}

function unlock(path: string): void {
  if (!Deno.lstatSync(path).isDirectory) return;
  Deno.chmodSync(path, 0o700);
  for (const { name } of Deno.readDirSync(path)) unlock(`${path}/${name}`);
}
