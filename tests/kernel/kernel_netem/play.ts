/** Plays the scenarios of `inside.ts` in a rig. */
import { ROOT } from "../rig/checkout.ts";
import type { RigClient } from "../rig/client.ts";

/** Returns what came of a scenario. The namespaces are there. */
// deno-lint-ignore no-explicit-any -- as the scenario has it
export async function play(rig: RigClient, scenario: string): Promise<any> {
  const stage =
    `cd '${ROOT}' && ip netns exec served deno run -A tests/kernel/kernel_netem/inside.ts ${scenario}`;
  const text = await rig.run(stage, { timeoutMs: 100_000 });
  return JSON.parse(text.trim().split("\n").at(-1)!);
}
