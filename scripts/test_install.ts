/** Installs what the tests need on a Debian machine: the shell around the plans. */
import { installPlugins } from "./client_plugins.ts";
import { findCommand, runQuietly } from "./quiet_command.ts";
import {
  debianRelease,
  type DockerHave,
  type DockerLacks,
  dockerLacks,
  PLUGIN_SUITE,
} from "./test_docker_needs.ts";
import { installPlan, missingCommands } from "./test_needs.ts";
import { rigLacks } from "./test_rig_needs.ts";
import type { Output } from "./verb.ts";

/** What the tests that are to run need. */
export interface InstallOptions {
  output: Output;
  /** Whether a Docker engine answers; absent where no test needs one. */
  engineAnswers?: boolean;
  /** Whether tests run on a virtual machine. */
  rig: boolean;
}

/** Resolves to whether nothing is missing, or could be installed. */
export async function installMissing(
  { output, engineAnswers, rig }: InstallOptions,
): Promise<boolean> {
  const machine = { root: Deno.uid() === 0, apt: findCommand("apt-get") !== null };
  const system = osRelease();
  const docker: DockerLacks = engineAnswers === undefined
    ? { lacks: [], plugins: [] }
    : dockerLacks(await have(engineAnswers, machine.root && machine.apt), debianRelease(system));
  const isCommand = (name: string) => findCommand(name) !== null;
  const missing = [
    ...missingCommands(isCommand),
    ...docker.lacks,
    ...(rig ? rigLacks(isCommand) : []),
  ];
  const plan = installPlan(missing, machine);
  if (plan.notice) output.out(`lab: ${plan.notice}\n`);
  if (plan.commands.length === 0) return missing.length === 0;
  for (const argv of plan.commands) if (!await runQuietly(argv, { output })) return false;
  if (docker.plugins.length === 0) return true;
  const codename = /^VERSION_CODENAME=["']?(\w+)/m.exec(system)?.[1] ?? "";
  return await installPlugins(docker.plugins, PLUGIN_SUITE.name, { machine: codename, output });
}

async function have(engine: boolean, installs: boolean): Promise<DockerHave> {
  const client = findCommand("docker");
  const ask = async (...args: string[]) => {
    if (!client) return null;
    const { success, stdout } = await new Deno.Command(client, { args, stdin: "null" }).output();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  };
  return {
    engine,
    daemon: findCommand("dockerd") !== null,
    client: client !== null,
    compose: await ask("compose", "version", "--short"),
    buildx: await ask("buildx", "version") !== null,
    // Where nothing can be installed, images come from a registry.
    mmdebstrap: !installs || findCommand("mmdebstrap") !== null,
  };
}

function osRelease(): string {
  for (const path of ["/etc/os-release", "/usr/lib/os-release"]) {
    try {
      return Deno.readTextFileSync(path);
    } catch {
      // The other one, then.
    }
  }
  return "";
}
