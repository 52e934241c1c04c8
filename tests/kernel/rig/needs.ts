/** What a rig needs of a machine. */
import { findCommand } from "../../../scripts/quiet_command.ts";
import { RIG_NEEDS } from "../../../scripts/test_rig_needs.ts";
import { cacheFolder, isWhole } from "./cache.ts";
import { rootName } from "./recipe.ts";

/** Why no rig can be started here, in a few words; empty where one can. Its root must have been made before. */
export async function rigLack(): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") return "no x86-64 Linux here";
  for (const name of Object.keys(RIG_NEEDS)) {
    if (name !== "mmdebstrap" && findCommand(name) === null) return `no ${name} here`;
  }
  if (isWhole(`${cacheFolder()}/root-${await rootName()}`)) return "";
  return "no rig has been made here: deno run -A tests/kernel/rig/build.ts";
}
