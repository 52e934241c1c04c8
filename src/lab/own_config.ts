/** Which Deno configuration is a program's own. Pure. */
import { isAbsolute, join } from "node:path";
import { isForEditor } from "./editor_config.ts";

/**
 * Returns the path of the nearest configuration, or undefined where there is none, or where it says nothing that running
 * the program needs.
 *
 * @param folders Where one may lie, the nearest first.
 * @param read Returns a file's text; null where none is there.
 * @param ours Returns the names in our import map.
 */
export function ownConfig(
  folders: Iterable<string>,
  read: (path: string) => string | null,
  ours: () => ReadonlySet<string>,
): string | undefined {
  for (const folder of folders) {
    for (const name of ["deno.json", "deno.jsonc"]) {
      const path = join(folder, name);
      const text = read(path);
      if (text === null) continue;
      const readMap = (map: string) => read(isAbsolute(map) ? map : join(folder, map)) ?? "";
      return isForEditor(text, ours(), readMap) ? undefined : path;
    }
  }
}
