/** Where the gradebook lies, and how what is wrong with it is reported. */
import { resolve } from "node:path";
import { BookError } from "../src/grade/mod.ts";
import { outFolder } from "./run_settle.ts";
import { MachineError, UsageError } from "./verb.ts";

/**
 * Returns the path of the gradebook: what `--book` names, else LAB_GRADES, else `grades.sqlite` in the folder of artifacts;
 * null where either says `none`.
 */
export function bookPath(root: string, book: string | undefined): string | null {
  const named = book ?? (Deno.env.get("LAB_GRADES") || undefined);
  if (named === "none") return null;
  return named === undefined ? `${outFolder(undefined, root)}/grades.sqlite` : resolve(named);
}

/** Returns a fault of the gradebook as its caller's or the machine's; any other error as it is. */
export function bookFault(error: unknown): unknown {
  if (!(error instanceof BookError)) return error;
  const Fault = error.fault === "file" ? UsageError : MachineError;
  return new Fault(error.message, { cause: error });
}
