/** The memory of a program in a container, as the engine tells it of the container's control group. */
import type Docker from "dockerode";

/** What is used of an answer to `GET /containers/ID/stats`. */
interface Stats {
  memory_stats?: { stats?: Record<string, number> };
}

/** Returns the bytes of memory of a container's processes, without files; null where the engine does not tell. */
export async function containerMemory(container: Docker.Container): Promise<number | null> {
  try {
    const options = { stream: false, "one-shot": true } as const;
    return memoryIn(await container.stats(options as { stream: false }) as Stats);
  } catch {
    return null; // It has ended, or the engine has.
  }
}

/** Reads the bytes from the engine's answer: `anon` of control groups of version 2, `total_rss` of version 1. Pure. */
export function memoryIn({ memory_stats: { stats = {} } = {} }: Stats): number | null {
  const anonymous = stats.anon ?? stats.total_rss ?? stats.rss;
  return anonymous === undefined ? null : anonymous + (stats.shmem ?? 0);
}
