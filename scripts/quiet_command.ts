/** Commands whose output matters only where they fail. */
import type { Output } from "./verb.ts";

/** Where system tools lie although a user's PATH may lack them. */
const SYSTEM_FOLDERS = ["/usr/sbin", "/sbin"];

/** Returns the path of a command, or null. */
export function findCommand(name: string): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":").filter(Boolean), ...SYSTEM_FOLDERS];
  return folders.map((folder) => `${folder}/${name}`).find((path) => {
    try {
      const { isFile, mode } = Deno.statSync(path);
      return isFile && ((mode ?? 0) & 0o111) !== 0;
    } catch {
      return false;
    }
  }) ?? null;
}

/** Runs a command without input; resolves to whether it succeeded, and tells its output if not. */
export async function runQuietly(
  [command = "", ...args]: readonly string[],
  { output, cwd }: { output: Output; cwd?: string },
): Promise<boolean> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args,
    cwd,
    stdin: "null",
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
  }).output();
  if (success) return true;
  const decoder = new TextDecoder();
  output.out(decoder.decode(stdout) + decoder.decode(stderr));
  output.out(`lab: see above why this failed: ${command} ${args.join(" ")}\n`);
  return false;
}
