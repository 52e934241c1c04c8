/**
 * What tests against a container engine stand on: whether one answers here. Where none does, they are skipped with a
 * line that says why; `lab test` counts that as a failure where CI is set.
 */
import { describe } from "vitest";
import { probeMachine } from "../../src/engine/mod.ts";

/** Why no container engine can be used here, in a few words; empty where one answers. */
export const noDocker: string = await dockerAnswers();

/** Asks the engine; returns why it cannot be used, or an empty text. */
export async function dockerAnswers(): Promise<string> {
  const { version, reason, socket } = (await probeMachine()).docker;
  if (version !== null) return "";
  return `no Docker: ${reason}${socket === null ? "" : ` (${socket})`}`;
}

/** A suite that needs a container engine. */
export function describeDocker(name: string, body: () => void): void {
  describe.skipIf(noDocker !== "")(noDocker === "" ? name : `${name} (${noDocker})`, body);
}
