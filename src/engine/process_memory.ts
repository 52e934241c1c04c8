/** The memory of a program on this machine, from /proc (proc(5)). */
import { childrenOf } from "./process.ts";

/**
 * Returns the bytes of memory that a process and all its descendants have of their own: without files, such as the
 * executable, which all that run it share; what a child still shares with its parent counts once. Null where there is no
 * such process, or the kernel does not tell (before Linux 5.4).
 */
export function memoryOf(pid: number): number | null {
  const own = ownMemory(pid);
  if (own === null) return null;
  return childrenOf(pid).reduce((sum, child) => sum + (memoryOf(child) ?? 0), own);
}

function ownMemory(pid: number): number | null {
  try {
    return parseMemory(Deno.readTextFileSync(`/proc/${pid}/smaps_rollup`));
  } catch {
    return null; // It has ended.
  }
}

/** Returns the bytes that /proc/PID/smaps_rollup tells: its proportional part of anonymous and shared memory. Pure. */
export function parseMemory(text: string): number | null {
  const kilobytes = (name: string) => {
    const found = new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text);
    return found === null ? null : Number(found[1]);
  };
  const anonymous = kilobytes("Pss_Anon");
  return anonymous === null ? null : (anonymous + (kilobytes("Pss_Shmem") ?? 0)) * 1024;
}
