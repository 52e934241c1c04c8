/** Whether a program's `deno.json` says anything that running it needs, or is for an editor only. Pure. */

/** What does not change how a program runs that imports nothing but the standard library. */
const HARMLESS = new Set([
  "$schema",
  "bench",
  "compilerOptions",
  "exclude",
  "exports",
  "fmt",
  "imports",
  "license",
  "lint",
  "lock",
  "name",
  "nodeModulesDir",
  "tasks",
  "test",
  "unstable",
  "version",
]);

/**
 * Returns whether a Deno configuration may be left aside for one of ours: it maps nothing but modules of the standard
 * library that ours maps, too. So a student's folder runs where nothing can be fetched, whatever its editor fetches.
 *
 * @param text The file's content, JSON with comments.
 * @param ours The names in our import map.
 */
export function isForEditor(text: string, ours: ReadonlySet<string>): boolean {
  let config: { imports?: Record<string, unknown>; unstable?: unknown };
  try {
    config = JSON.parse(withoutComments(text));
  } catch {
    return false; // Deno says what is wrong with it.
  }
  if (typeof config !== "object" || config === null || Array.isArray(config)) return false;
  const { imports = {}, unstable = [] } = config;
  return Object.keys(config).every((key) => HARMLESS.has(key)) &&
    Object.keys(imports).every((name) => ours.has(name)) &&
    Array.isArray(unstable) && unstable.every((feature) => feature === "net");
}

/** JSON with comments and commas too many as plain JSON; what stands in strings stays. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_, string = " ") => string)
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, string = "") => string);
}
