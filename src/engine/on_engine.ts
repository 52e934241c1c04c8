/** Which engine is used, and what to do where it cannot be. */
import { isTcRefusal } from "../link/mod.ts";
import { isUsable } from "./advice.ts";
import { explainAbsence } from "./docker/explain.ts";
import { probeDocker } from "./docker_probe.ts";
import type { DockerFacts } from "./machine_facts.ts";
import { MachineError } from "./machine_error.ts";
import type { EngineName, TestbedOptions } from "./testbed.ts";
import { UnfitError } from "./unfit_error.ts";

/** Milliseconds that an engine has to say its version. */
const PATIENCE = 5000;

/** What is done where, by the engine that is chosen. */
export interface OnEngines<T> {
  docker(found: DockerFacts): Promise<T>;
  local(): Promise<T>;
}

/**
 * Does something on an engine.
 *
 * `auto` is docker where a container engine answers, and local where none does, or where it turns out not to be of use;
 * `onNotice` then hears why.
 *
 * @throws {MachineError} Where the engine asked for does not answer; and what is thrown there.
 */
export async function onEngine<T>(
  engine: EngineName | "auto",
  on: OnEngines<T>,
  { onNotice, signal }: Pick<TestbedOptions, "onNotice" | "signal">,
): Promise<T> {
  if (engine === "local") return await on.local();
  const late = AbortSignal.timeout(PATIENCE);
  const found = await probeDocker({ signal: signal ? AbortSignal.any([signal, late]) : late });
  signal?.throwIfAborted();
  const usable = isUsable(found);
  if (engine === "docker") {
    if (!usable) throw new MachineError(explainAbsence(found));
    return await on.docker(found);
  }
  if (!usable) {
    if (Deno.build.os !== "linux") throw new MachineError(explainAbsence(found));
    // Where Docker is not there, local is what there is; one that is too old is worth a word.
    if (found.version !== null) onNotice?.(instead(explainAbsence(found)));
    return await on.local();
  }
  try {
    return await on.docker(found);
  } catch (error) {
    signal?.throwIfAborted();
    const known = error instanceof MachineError || error instanceof UnfitError;
    if (!known || isTcRefusal(error.message) || Deno.build.os !== "linux") throw error;
    onNotice?.(instead(error.message));
    return await on.local();
  }
}

function instead(reason: string): string {
  const why = reason.replace(", or use --engine local", "")
    .replace(/^Use --engine local, or [^:]*: /, "");
  return `On the local engine, not on docker: ${why}`;
}
