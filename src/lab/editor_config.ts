/** Whether a program's `deno.json` says anything that running it needs, or is for an editor only. Pure. */

/** What does not change how a program runs that imports nothing but the standard library. */
const HARMLESS = new Set([
  "$schema",
  "bench",
  "compilerOptions",
  "exclude",
  "exports",
  "fmt",
  "importMap",
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
 * @param read Returns the content of the import map that the file names.
 */
export function isForEditor(
  text: string,
  ours: ReadonlySet<string>,
  read: (path: string) => string = () => "",
): boolean {
  let config: { imports?: object; importMap?: string; unstable?: unknown };
  let map: { imports?: object } = {};
  try {
    config = JSON.parse(withoutComments(text));
    if (config.importMap !== undefined) map = JSON.parse(withoutComments(read(config.importMap)));
  } catch {
    return false; // Deno says what is wrong with it.
  }
  if (!isObject(config) || !isObject(map)) return false;
  const { imports = {}, unstable = [] } = config;
  return Object.keys(config).every((key) => HARMLESS.has(key)) &&
    Object.keys(map).every((key) => key === "imports") &&
    [imports, map.imports ?? {}].flatMap(Object.keys).every((name) => ours.has(name)) &&
    Array.isArray(unstable) && unstable.every((feature) => feature === "net");
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A string, or a comment. Either goes on to the end where it does not end, so that each character is read once: a stranger
 * may have written them.
 */
const STRING = /("[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$))/.source;
const COMMENT = /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)/.source;

/** JSON with comments and commas too many as plain JSON; what stands in strings stays. */
function withoutComments(text: string): string {
  return text
    .replace(new RegExp(`${STRING}|${COMMENT}`, "g"), (_, string = " ") => string)
    .replace(new RegExp(`${STRING}|,(?=\\s*[}\\]])`, "g"), (_, string = "") => string);
}
