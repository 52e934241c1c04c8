/** Plugins of Docker's client from a newer Debian, whose packages an older one cannot install. */
import { type SourceFile, suiteSource } from "./apt_suite.ts";
import { runQuietly } from "./quiet_command.ts";
import type { Output } from "./verb.ts";

/** Where the packages hold them. */
const PLUGINS = ["usr/libexec/docker/cli-plugins", "usr/lib/docker/cli-plugins"];

/**
 * Takes plugins out of `suite`'s packages, for this user alone; the machine's packages, sources and
 * lists stay as they are. Resolves to whether that succeeded; says why if not.
 *
 * @param plugins Packages that each hold the plugin of their own name.
 * @param machine The machine's codename, such as `bookworm`, and where its apt is set up.
 */
export async function installPlugins(
  plugins: readonly string[],
  suite: string,
  { machine, output }: { machine: string; output: Output },
): Promise<boolean> {
  const source = suiteSource(aptSources(), machine, suite);
  if (source === undefined) {
    output.out(`lab: name a mirror for ${machine} in /etc/apt to install ${plugins.join(", ")}\n`);
    return false;
  }
  output.out(`lab: taking ${plugins.join(", ")} from Debian's ${suite}\n`);
  const folder = Deno.makeTempDirSync({ prefix: "socklab-apt-" });
  try {
    const apt = (...args: string[]) =>
      runQuietly(["apt-get", "-q", ...aptFolder(folder, source), ...args], { output, cwd: folder });
    if (!await apt("update") || !await apt("download", ...plugins)) return false;
    for (const { name } of [...Deno.readDirSync(folder)]) {
      if (!name.endsWith(".deb")) continue;
      if (!await runQuietly(["dpkg", "-x", name, "files"], { output, cwd: folder })) return false;
    }
    for (const plugin of plugins) place(plugin, `${folder}/files`);
    return true;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Makes a folder all that apt knows, but for its keys; returns the options that say so. */
function aptFolder(folder: string, source: string): string[] {
  for (const name of ["lists/partial", "archives/partial", "sources"]) {
    Deno.mkdirSync(`${folder}/${name}`, { recursive: true });
  }
  Deno.writeTextFileSync(`${folder}/sources/suite.sources`, source);
  const settings = {
    "APT::Sandbox::User": "root",
    "Dir::Cache": folder,
    "Dir::Etc::preferences": "/dev/null",
    "Dir::Etc::preferencesparts": "/dev/null",
    "Dir::Etc::sourcelist": "/dev/null",
    "Dir::Etc::sourceparts": `${folder}/sources`,
    "Dir::State::lists": `${folder}/lists`,
  };
  return Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
}

function place(plugin: string, files: string): void {
  const from = PLUGINS.map((folder) => `${files}/${folder}/${plugin}`).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
  if (from === undefined) throw new Error(`The package ${plugin} holds no plugin of its name`);
  const home = Deno.env.get("DOCKER_CONFIG") || `${Deno.env.get("HOME") || "/root"}/.docker`;
  Deno.mkdirSync(`${home}/cli-plugins`, { recursive: true });
  // Renamed into place: nobody meets half a binary.
  Deno.copyFileSync(from, `${home}/cli-plugins/.${plugin}`);
  Deno.renameSync(`${home}/cli-plugins/.${plugin}`, `${home}/cli-plugins/${plugin}`);
}

/** Returns the files that name this machine's mirrors. */
export function aptSources(): SourceFile[] {
  const parts = "/etc/apt/sources.list.d";
  const names = ["/etc/apt/sources.list"];
  try {
    names.push(...[...Deno.readDirSync(parts)].map(({ name }) => `${parts}/${name}`).sort());
  } catch {
    // All is in the one file.
  }
  return names.filter((name) => /\.(?:list|sources)$/.test(name)).flatMap((name) => {
    try {
      return [{ name, text: Deno.readTextFileSync(name) }];
    } catch {
      return [];
    }
  });
}
