/** What ends the work on a testbed before its time. */
import type { StartedTestbed } from "../engine/mod.ts";

/** Never resolves. @throws The reason of the signal, or why the testbed has broken. */
export async function cutShort(
  testbed: Pick<StartedTestbed, "broken">,
  signal: AbortSignal,
): Promise<never> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    if (signal.aborted) reject(signal.reason);
  });
  return await Promise.race([testbed.broken.then((error) => Promise.reject(error)), aborted]);
}
