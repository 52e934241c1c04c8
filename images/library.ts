/** What programs need of Deno beforehand: what they import of its standard library, and all of it transpiled. */
import { copyFile, copyFolder, exists } from "./files.ts";

/**
 * Deno's standard library, of the checkout where it has it, else fetched: the modules that the import map names and what
 * they import.
 *
 * @param imports From specifiers to paths that have `deno-std/` in them.
 */
export async function copyLibrary(to: string, imports: Record<string, string>): Promise<void> {
  const config = Deno.readTextFileSync("/socklab/deno.json");
  const version = /"npm:deno-std@([^/"]+)/.exec(config)?.[1];
  if (version === undefined) {
    throw new Error("Restore deno.json: it does not name a version of deno-std");
  }
  let whole = `/npm/deno-std@${version}/node_modules/deno-std`;
  if (!exists(whole)) {
    const folder = Deno.makeTempDirSync();
    Deno.writeTextFileSync(
      `${folder}/package.json`,
      JSON.stringify({ dependencies: { "deno-std": version } }),
    );
    await deno(["install", "--quiet"], `${folder}/deno-dir`, folder);
    whole = Deno.realPathSync(`${folder}/node_modules/deno-std`);
  }
  copyFolder(whole, to, ({ name }) => /^(?:package\.json|LICENSE.*)$/.test(name));
  const pending = Object.values(imports).map((path) => path.slice(path.indexOf("deno-std/") + 9));
  const done = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (done.has(path)) continue;
    done.add(path);
    copyFile(`${whole}/${path}`, `${to}/${path}`);
    const text = Deno.readTextFileSync(`${whole}/${path}`);
    for (const match of text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)) {
      pending.push(new URL(match[1]!, `file:///${path}`).pathname.slice(1));
    }
  }
}

/**
 * Has Deno transpile files into its cache. What cannot be, such as a program that is wrong on purpose, is left to whoever
 * runs it.
 */
export async function transpile(
  files: readonly string[],
  flags: readonly string[],
  folder: string,
): Promise<void> {
  const cache = async (...some: string[]) =>
    await deno(["cache", "--no-check", "--quiet", ...flags, ...some], folder)
      .then(() => true, () => false);
  if (await cache(...files)) return;
  for (const file of files) await cache(file);
}

/** The files that a module needs, itself included, as Deno finds them. */
export async function modulesOf(main: string): Promise<string[]> {
  const args = ["info", "--no-config", "--json", main];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    modules: { local?: string }[];
  };
  return modules.flatMap(({ local }) => local ?? []);
}

/** Runs Deno. Rejects where it fails; its own words are on standard error. */
async function deno(args: string[], folder: string, cwd = "/"): Promise<void> {
  const env = { DENO_DIR: folder, DENO_NO_UPDATE_CHECK: "1" };
  const { success } = await new Deno.Command(Deno.execPath(), { args, env, cwd }).spawn().status;
  if (!success) throw new Error(`deno ${args[0]} failed`);
}
