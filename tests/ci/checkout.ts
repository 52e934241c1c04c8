/** The checkout as somebody else has it: a repository of its own, to be cloned. */
import { dirname } from "../../scripts/paths.ts";
import { sourceFiles } from "../../scripts/source_files.ts";

/** The checkout. */
export const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

/** Puts the checkout's files into a new repository, in one commit; returns that commit. */
export function publish(to: string): string {
  for (const path of sourceFiles(ROOT)) {
    Deno.mkdirSync(dirname(`${to}/${path}`), { recursive: true });
    Deno.copyFileSync(`${ROOT}/${path}`, `${to}/${path}`);
  }
  return commitAll(to);
}

/** Makes a folder a repository, all that is in it one commit; returns that commit. */
export function commitAll(folder: string): string {
  const author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  git(folder, "init", "--quiet", "--initial-branch=main");
  git(folder, "add", "--all");
  git(folder, ...author, "commit", "--quiet", "--allow-empty", "--message", "All of it");
  return git(folder, "rev-parse", "HEAD").trim();
}

function git(cwd: string, ...args: string[]): string {
  const env = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };
  const { success, stdout, stderr } = new Deno.Command("git", { args, cwd, env }).outputSync();
  if (!success) throw new Error(`git ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
