/** The end of processes for want of memory, as the control group of a container tells of it. */

/** Where it stands in a container, by the versions of control groups (cgroups(7)): 2, then 1. */
const FILES = ["/sys/fs/cgroup/memory.events", "/sys/fs/cgroup/memory/memory.oom_control"];
const OWN_SCORE = "/proc/self/oom_score_adj";
/** What is ended first (proc_pid_oom_score_adj(5)). */
const FIRST = "1000";

/** How many processes the kernel has ended so far, in this container, for want of memory; 0 where it does not tell. */
export function memoryKills(): number {
  for (const file of FILES) {
    try {
      return parseMemoryKills(Deno.readTextFileSync(file));
    } catch {
      // The other version.
    }
  }
  return 0;
}

/** Returns what such a file says. Pure. */
export function parseMemoryKills(text: string): number {
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}

/** Returns why a program ended of which that is known, as the end of a sentence. Pure. */
export function lackOfMemory(bytes: number): string {
  return `it took more than its ${bytes / (1 << 20)} MB of memory`;
}

/**
 * Starts a process that the kernel ends for want of memory before it ends this one, and all that it starts in turn: the
 * figure is inherited, and none of them may make it smaller than ours.
 */
export function startExpendable<T>(start: () => T): T {
  const own = Deno.readTextFileSync(OWN_SCORE);
  Deno.writeTextFileSync(OWN_SCORE, FIRST);
  try {
    return start();
  } finally {
    Deno.writeTextFileSync(OWN_SCORE, own);
  }
}
