/** The little of paths that starting needs; node:path would cost milliseconds. */

/** Returns the path of a `file:` URL. */
export function fromFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** Returns the folder that a path without a slash at its end lies in. */
export function dirname(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** Whether something lies at a path, if only a link that leads nowhere. */
export function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Returns the import map for labs' programs, which leads to files that are there. */
export function importsOf(root: string): string {
  return Deno.env.get("LAB_IMPORTS") ?? `${root}/labs/imports.json`;
}
