/** Where the gradebook lies. */
import { resolve } from "node:path";
import { outFolder } from "./run_settle.ts";

/**
 * Returns the path of the gradebook: what `--book` names, else LAB_GRADES, else `grades.sqlite` in the folder of artifacts;
 * null where either says `none`.
 */
export function bookPath(root: string, book: string | undefined): string | null {
  const named = book ?? (Deno.env.get("LAB_GRADES") || undefined);
  if (named === "none") return null;
  return named === undefined ? `${outFolder(undefined, root)}/grades.sqlite` : resolve(named);
}
