/** How many processes a program is, from /proc (proc(5)): itself and all that it has started. */
import { descendantsOf } from "./process.ts";

/** Processes of a program. */
export interface ProcessCount {
  /** Those that run or wait. */
  alive: number;
  /** Those that have ended, and that their parent has not waited for (wait(2)). */
  zombies: number;
}

/** Counts a process and all its descendants; null where it has ended. */
export function processesOf(pid: number): ProcessCount | null {
  const own = statOf(pid);
  if (own === null) return null;
  const lines = [own];
  for (const other of descendantsOf(pid)) lines.push(statOf(other) ?? "");
  return countProcesses(lines);
}

/** Counts lines of /proc/PID/stat; what is no such line is of a process that has gone. Pure. */
export function countProcesses(lines: readonly string[]): ProcessCount {
  // The command's name may hold anything, parentheses too; the state stands behind it.
  const states = lines.map((line) => /^\d+ \(.*\) (\S)/s.exec(line)?.[1]);
  const zombies = states.filter((state) => state === "Z" || state === "X").length;
  return { alive: states.filter((state) => state !== undefined).length - zombies, zombies };
}

function statOf(pid: number): string | null {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/stat`);
  } catch {
    return null; // It has ended.
  }
}
