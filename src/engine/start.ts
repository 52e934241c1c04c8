/** Starting a testbed on an engine: which one, and what to do where it cannot be used. */
import { isTcRefusal } from "../link/mod.ts";
import { isUsable } from "./advice.ts";
import { explainAbsence } from "./docker/explain.ts";
import { probeDocker } from "./docker_probe.ts";
import type { DockerFacts } from "./machine_facts.ts";
import { MachineError } from "./machine_error.ts";
import type { EngineName, StartedTestbed, TestbedOptions } from "./testbed.ts";
import { UnfitError } from "./unfit_error.ts";

/** Milliseconds that an engine has to say its version. */
const PATIENCE = 5000;

/**
 * Starts a testbed: network up, link in place, no program yet.
 *
 * `auto` is docker where a container engine answers, and local where none does, or where it turns out not to be of use;
 * `onNotice` then hears why. With a sandbox it is docker alone.
 *
 * @throws {UnfitError} At a program that the engine asked for cannot run, or a sandbox that it does not have.
 * @throws {MachineError} In one line, with what to do; nothing is left then.
 */
export async function startTestbed(
  engine: EngineName | "auto",
  options: TestbedOptions,
): Promise<StartedTestbed> {
  const { signal, sandbox } = options;
  if (engine === "local" && sandbox !== undefined) {
    throw new UnfitError("Use --engine docker: the local engine shuts no program in");
  }
  if (engine === "local") return await startLocal(options);
  const late = AbortSignal.timeout(PATIENCE);
  const found = await probeDocker({ signal: signal ? AbortSignal.any([signal, late]) : late });
  signal?.throwIfAborted();
  const usable = isUsable(found);
  if (engine === "docker" || sandbox !== undefined) {
    if (!usable) throw new MachineError(explainAbsence(found));
    return await startDocker(options, found);
  }
  if (!usable) {
    if (Deno.build.os !== "linux") throw new MachineError(explainAbsence(found));
    // Where Docker is not there, local is what there is; one that is too old is worth a word.
    if (found.version !== null) options.onNotice?.(instead(explainAbsence(found)));
    return await startLocal(options);
  }
  try {
    return await startDocker(options, found);
  } catch (error) {
    signal?.throwIfAborted();
    const known = error instanceof MachineError || error instanceof UnfitError;
    if (!known || isTcRefusal(error.message) || Deno.build.os !== "linux") throw error;
    options.onNotice?.(instead(error.message));
    return await startLocal(options);
  }
}

function instead(reason: string): string {
  const why = reason.replace(", or use --engine local", "")
    .replace(/^Use --engine local, or [^:]*: /, "");
  return `On the local engine, not on docker: ${why}`;
}

async function startLocal(options: TestbedOptions): Promise<StartedTestbed> {
  const { startLocalTestbed } = await import("./local/start_local.ts");
  return await startLocalTestbed(options);
}

async function startDocker(options: TestbedOptions, found: DockerFacts): Promise<StartedTestbed> {
  const { startDockerTestbed } = await import("./docker/start_docker.ts");
  return await startDockerTestbed(options, found.socket!);
}
