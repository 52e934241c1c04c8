/** How much of a processor a program gets that wants one. */
import { availableParallelism } from "node:os";

/** The least that is assumed: who waits for less waits for ever. */
const LEAST = 0.1;

/**
 * Returns the share of a processor, 0.1 to 1, that each gets of those who want one at this moment: 1 where nobody lacks
 * one, and where the system does not say.
 */
export function processorShare(): number {
  try {
    return shareOf(Deno.readTextFileSync("/proc/loadavg"), availableParallelism());
  } catch {
    return 1;
  }
}

/** Returns that share by what /proc/loadavg says (proc_loadavg(5)): "… 5/812 …" of 812 threads, 5 run or want to. Pure. */
export function shareOf(loadavg: string, processors: number): number {
  const [, wanting] = /^(?:\S+ ){3}(\d+)\/\d+ /.exec(loadavg) ?? [];
  if (wanting === undefined) return 1;
  return Math.min(1, Math.max(LEAST, processors / Math.max(1, Number(wanting))));
}
