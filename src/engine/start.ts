/** Starting a testbed on an engine. */
import type { DockerFacts } from "./machine_facts.ts";
import { onEngine } from "./on_engine.ts";
import type { EngineName, StartedTestbed, TestbedOptions } from "./testbed.ts";

/**
 * Starts a testbed: network up, link in place, no program yet.
 *
 * Which one, see {@linkcode onEngine}.
 *
 * @throws {UnfitError} At a program that the engine asked for cannot run.
 * @throws {MachineError} In one line, with what to do; nothing is left then.
 */
export async function startTestbed(
  engine: EngineName | "auto",
  options: TestbedOptions,
): Promise<StartedTestbed> {
  return await onEngine(engine, {
    docker: (found) => startDocker(options, found),
    local: () => startLocal(options),
  }, options);
}

async function startLocal(options: TestbedOptions): Promise<StartedTestbed> {
  const { startLocalTestbed } = await import("./local/start_local.ts");
  return await startLocalTestbed(options);
}

async function startDocker(options: TestbedOptions, found: DockerFacts): Promise<StartedTestbed> {
  const { startDockerTestbed } = await import("./docker/start_docker.ts");
  return await startDockerTestbed(options, found.socket!);
}
