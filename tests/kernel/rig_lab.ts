/** `./lab` in a rig. */
import { ROOT } from "./rig/checkout.ts";
import type { RigClient } from "./rig/client.ts";

/** Runs command lines in the checkout in a rig; each line of their output, and their status behind it. */
export async function lab(rig: RigClient, ...lines: string[]): Promise<string[]> {
  const script = lines.map((line) => `${line}; echo "status $?"`).join("\n");
  const { stdout } = await rig.exec(`cd '${ROOT}'\n{ ${script}\n} 2>&1`, { timeoutMs: 110_000 });
  return stdout.split("\n");
}
