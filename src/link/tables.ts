/** The delay distributions that come with iproute2, read where it is installed: their data is not ours to ship. */
import { parseDistribution, parseProfile } from "../netem/mod.ts";
import type { LoopSetting } from "./mailbox.ts";
import type { LinkSetting } from "./protocol.ts";

/**
 * Returns the values of one of iproute2's tables.
 *
 * @param name Its file's name without `.dist`.
 * @throws {Error} saying what to install, where it is not found.
 */
export function readDistribution(name: string): Int16Array {
  for (const folder of tableFolders()) {
    try {
      return parseDistribution(Deno.readTextFileSync(`${folder}/${name}.dist`));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  throw new Error(`Install iproute2 for the ${name} distribution: no ${name}.dist was found`);
}

/**
 * Adds the table that only a file has, where the profile names it.
 *
 * @throws {Error} As {@linkcode readDistribution}, or where the profile is none.
 */
export function withTable(setting: LinkSetting): LoopSetting {
  if (!/\bexperimental\b/.test(setting.profile)) return setting;
  parseProfile(setting.profile);
  return { ...setting, experimental: [...readDistribution("experimental")] };
}

/** Where Linux distributions keep them. */
function tableFolders(): string[] {
  const folders = ["/usr/lib/tc", "/usr/lib64/tc", "/usr/share/tc", "/lib/tc"];
  try {
    for (const { name } of Deno.readDirSync("/usr/lib")) {
      if (name.endsWith("-linux-gnu")) folders.unshift(`/usr/lib/${name}/tc`);
    }
  } catch {
    // No such folder here: the fixed ones are left.
  }
  return folders;
}
