/**
 * The control socket as a file: where it lies, who may use it, what a killed link left there.
 */

/** A socket that listens; disposing closes and removes it. */
export interface ControlSocket extends Disposable {
  listener: Deno.UnixListener;
}

/**
 * Listens on a socket that only the link's own user may use, or with `group` that group too; the socket's folder is then
 * made if missing, for the same group.
 *
 * Giving a file to a group needs no capability where the process itself is of that group.
 *
 * @throws {Error} Where another link answers there, or the folder is somebody else's.
 */
export async function openControlSocket(path: string, group?: number): Promise<ControlSocket> {
  if (group !== undefined) ownFolder(path.replace(/\/[^/]*$/, "") || "/", group);
  await clearSocket(path);
  const listener = Deno.listen({ transport: "unix", path });
  const close = () => {
    listener.close();
    removeSocket(path);
  };
  try {
    if (group !== undefined) Deno.chownSync(path, null, group);
    Deno.chmodSync(path, group === undefined ? 0o600 : 0o660);
  } catch (error) {
    close();
    throw error;
  }
  return { listener, [Symbol.dispose]: close };
}

/** Whoever may write in the folder could put another socket there. */
function ownFolder(path: string, group: number): void {
  try {
    Deno.mkdirSync(path, { mode: 0o750 });
    Deno.chownSync(path, null, group);
    // Whatever the umask took away.
    Deno.chmodSync(path, 0o750);
    return;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) {
      throw new Error(
        `Let the link make the folder ${path} for group ${group}: ${(cause as Error).message}`,
        { cause },
      );
    }
  }
  const found = Deno.lstatSync(path);
  const own = found.isDirectory && found.uid === Deno.uid() && found.gid === group;
  if (!own || (found.mode! & 0o027) !== 0) {
    throw new Error(
      `Remove ${path} or name another folder for the socket: it is not the link's own for group ${group} alone (mode 0750)`,
    );
  }
}

function removeSocket(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Its folder may be gone already.
  }
}

/**
 * Removes the socket that a killed link has left behind.
 *
 * @throws {Error} Where something answers on it.
 */
export async function clearSocket(path: string): Promise<void> {
  try {
    if (!Deno.lstatSync(path).isSocket) return;
  } catch {
    return; // Nothing is there; whatever else is wrong, listening will tell.
  }
  const other = await Deno.connect({ transport: "unix", path }).catch(() => null);
  if (other === null) return Deno.removeSync(path);
  other.close();
  throw new Error(`End the other link first: it answers at ${path}`);
}
