/** Paths that Compose's users name: from the checkout on, since containers see nothing else of their disk. */
import { dirname, join, normalize, relative, resolve } from "node:path";
import { valueOf, variableOf } from "./compose_values.ts";
import { UsageError } from "./verb.ts";

const LEADS_OUT = /^\.\.(\/|$)/;

/**
 * Checks the paths of a run: of its programs, and of what its client reads.
 *
 * @param env The variables.
 * @param given What the user has added to the command line, which goes before them.
 * @throws {UsageError} Where one leads out of the checkout, by itself or by a symbolic link.
 */
export function checkPaths(
  env: (name: string) => string | undefined,
  given: readonly string[],
  root: string,
): void {
  for (const option of ["server", "client", "input"]) {
    const added = valueOf(given, option);
    const variable = option === "input" ? "" : env(variableOf(option)) ?? "";
    if (option === "input" && added === "-") continue;
    if (added === undefined) pathInside(variableOf(option), variable, root);
    else pathInside(`--${option}`, added, root);
  }
}

/**
 * Returns a path in the checkout; undefined of an empty one.
 *
 * @param name What the user has said it by: a variable, or an option.
 * @throws {UsageError} Where it leads out of it, by itself or by a symbolic link.
 */
export function pathInside(name: string, path: string, root: string): string | undefined {
  if (path === "") return undefined;
  if (path.startsWith("/") || path.startsWith("~") || LEADS_OUT.test(normalize(path))) {
    throw new UsageError(
      `Give ${name} a path from the checkout on, such as my/server.ts, not ${path}: containers see nothing else`,
    );
  }
  const target = linkOut(normalize(path), root);
  if (target !== null) {
    throw new UsageError(
      `Copy the file into the checkout, or give ${name} another: ${path} is a link to ${target}, which containers do not see`,
    );
  }
  return path;
}

/** What the first link on the way says that leads out of the checkout; null where there is none. */
function linkOut(path: string, root: string, hops = 40): string | null {
  const names = path.split("/");
  for (const i of names.keys()) {
    const at = `${root}/${names.slice(0, i + 1).join("/")}`;
    const target = linkOf(at);
    if (target === null) continue;
    const goal = relative(root, resolve(dirname(at), target));
    if (LEADS_OUT.test(goal)) return target;
    // One that goes round in circles is refused by whoever opens it.
    return hops === 0 ? null : linkOut(join(goal, ...names.slice(i + 1)), root, hops - 1);
  }
  return null;
}

function linkOf(path: string): string | null {
  try {
    return Deno.readLinkSync(path);
  } catch {
    return null;
  }
}
