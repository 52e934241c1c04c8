/**
 * What tests on a rig stand on: one for each of Vitest's workers, started when its first file asks for it. Where none
 * can be, they are skipped with a line that says why; `lab test` counts that as a failure where CI is set.
 */
import { beforeAll, describe, inject } from "vitest";
import { RigClient } from "./client.ts";
import { ConsoleTail } from "./console_tail.ts";
import { rigLack } from "./needs.ts";
import type { RigAnswer } from "./shared_rig.ts";

/** Why no rig can be used here, in a few words; empty where one can. */
export const noRig: string = await rigLack();

/**
 * A suite that needs a rig.
 *
 * @param body Gets what returns the rig, in tests and hooks.
 */
export function describeKernel(name: string, body: (rig: () => RigClient) => void): void {
  describe.skipIf(noRig !== "")(noRig === "" ? name : `${name} (${noRig})`, () => {
    let rig: RigClient | undefined;
    // Where its images have to be loaded first, that is the time it takes.
    beforeAll(async () => {
      rig = await sharedRig();
    }, 600_000);
    body(() => {
      if (rig === undefined) throw new Error("Ask for the rig in a test or a hook");
      return rig;
    });
  });
}

/** Returns the rig of this worker. @throws {Error} Where it does not start; with why. */
async function sharedRig(): Promise<RigClient> {
  const answer = await (await fetch(inject("rig") + (Deno.env.get("VITEST_POOL_ID") ?? "1")))
    .json() as RigAnswer;
  if ("fault" in answer) throw new Error(answer.fault);
  const { log, ...ports } = answer;
  return new RigClient({
    ...ports,
    console() {
      const tail = new ConsoleTail();
      tail.add(Deno.readTextFileSync(log));
      return tail.lines();
    },
  });
}
