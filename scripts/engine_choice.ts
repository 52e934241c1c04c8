/** Which engine and driver a verb takes, and the refusals that need no machine. */
import { MachineError, UsageError } from "./verb.ts";

/**
 * Refuses what cannot work.
 *
 * @throws {UsageError} at a combination that contradicts itself.
 * @throws {MachineError} at an engine or a driver that is not there.
 */
export function checkEngine(
  values: { engine: string; driver: string; script?: string | undefined },
): void {
  if (values.driver === "tc" && values.script !== undefined) {
    throw new UsageError("Leave out --driver tc: the kernel's netem follows no script, tun does");
  }
  if (values.driver === "tc") {
    throw new MachineError("Use --driver tun: the tc driver is not built yet");
  }
  if (values.engine === "docker") {
    throw new MachineError("Use --engine local: the docker engine is not built yet");
  }
}
