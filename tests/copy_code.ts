/** A copy of the checkout's code, for what is tried on a checkout of its own. */
import { dirname } from "../scripts/paths.ts";
import { sourceFiles } from "../scripts/source_files.ts";

/** The code of the command line and of the rooms behind it, without its tests. */
const CODE = /^(?:scripts|src)\/.*(?<!\.(?:test|bench))\.(?:ts|json|sh)$/;

/** Copies `scripts` and `src` of the checkout `from` into `to`. */
export function copyCode(from: string, to: string): void {
  for (const path of sourceFiles(from)) {
    if (!CODE.test(path)) continue;
    Deno.mkdirSync(dirname(`${to}/${path}`), { recursive: true });
    Deno.copyFileSync(`${from}/${path}`, `${to}/${path}`);
  }
}
