/**
 * Gives back memory that only the start needed.
 */
import type { Libc } from "./libc.ts";

const MADV_DONTNEED = 4;

/** A stretch of memory. */
export interface Stretch {
  start: bigint;
  length: bigint;
}

/**
 * What `/proc/self/smaps` (proc_pid_smaps(5)) shows as the unchanged content of a file: read-only, and no page of it
 * the process's own (as those are that were relocated and then protected). The kernel can drop such pages and bring back
 * those that are used.
 */
export function fileContent(smaps: string): Stretch[] {
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((mapping) => {
    const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) r-.p \S+ \S+ [1-9]\d*\s+\//.exec(mapping) ?? [];
    if (from === undefined || to === undefined || !/^Anonymous: +0 kB$/m.test(mapping)) return [];
    const start = BigInt(`0x${from}`);
    return [{ start, length: BigInt(`0x${to}`) - start }];
  });
}

/** Drops the pages of files (Deno's executable above all) that starting has touched, and what the allocator holds free. */
export function shrink(libc: Libc): void {
  try {
    for (const { start, length } of fileContent(Deno.readTextFileSync("/proc/self/smaps"))) {
      libc.madvise(start, length, MADV_DONTNEED);
    }
    libc.malloc_trim(0n);
  } catch {
    // No /proc: then it stays.
  }
}
