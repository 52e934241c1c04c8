/** Starting a testbed on an engine. */
import { MachineError } from "./machine_error.ts";
import type { EngineName, StartedTestbed, TestbedOptions } from "./testbed.ts";

/**
 * Starts a testbed: network up, link in place, no program yet.
 *
 * @throws {MachineError} In one line, with what to do; nothing is left then.
 */
export async function startTestbed(
  engine: EngineName | "auto",
  options: TestbedOptions,
): Promise<StartedTestbed> {
  if (engine === "docker") {
    throw new MachineError("Use --engine local: the docker engine is not built yet");
  }
  const { startLocalTestbed } = await import("./local/start_local.ts");
  return await startLocalTestbed(options);
}
