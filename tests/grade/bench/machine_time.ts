/** Processor time of the whole machine, from /proc/stat (proc(5)): on a quiet one, all that a bench takes. */

/** Ticks of a second, on every Linux that Deno knows. */
const TICKS = 100;

/** Returns the seconds that all processors together have been at work. */
export function machineTime(): number {
  return parseBusy(Deno.readTextFileSync("/proc/stat"));
}

/** Reads them: all but those idle, waiting for a disk, or taken by other machines. Pure. */
export function parseBusy(text: string): number {
  const [user, nice, system, _idle, _iowait, irq, softirq] = /^cpu +(.*)$/m.exec(text)![1]!
    .split(" ").map(Number);
  return (user! + nice! + system! + irq! + softirq!) / TICKS;
}
