/** Paths as a user can type them. */

/** Returns a path as short as it can be typed in the current folder. */
export function fromHere(path: string): string {
  const here = `${Deno.cwd()}/`;
  return path.startsWith(here) ? path.slice(here.length) : path;
}
