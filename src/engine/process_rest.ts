/** Whether a program has nothing to do, from /proc (proc(5)): it, and all that it has started. */
import { descendantsOf } from "./process.ts";

/** A thread at one moment. */
export interface ThreadLook {
  /** The process that it belongs to. */
  pid: number;
  tid: number;
  /** The kernel's letter: `S` sleeps, `R` runs or wants to. */
  state: string;
  /** How often it has gone to sleep so far. */
  sleeps: number;
}

/** States in which a thread waits for something outside of it: asleep, stopped by a signal, an idle one of the kernel's. */
const WAITING = "STI";

/**
 * Whether every thread of a process and of its descendants waits, at one and the same moment: nothing more happens until
 * something comes to them from outside, or a timer of theirs runs out. One that has ended does not wait.
 */
export function restsNow(pid: number): boolean {
  const first = lookAt(pid);
  // Threads are looked at one by one. What sleeps at both looks, and has not woken between them, has slept all the time.
  return allWait(pid, first) && JSON.stringify(first) === JSON.stringify(lookAt(pid));
}

/** Whether all wait. Zombies do, but for the process itself: its end is about to be told. Pure. */
export function allWait(pid: number, threads: readonly ThreadLook[]): boolean {
  return threads.every((one) =>
    WAITING.includes(one.state) || (one.state === "Z" && one.pid !== pid)
  );
}

/** Reads /proc/PID/task/TID/status; null where it is none. Pure. */
export function parseThread(pid: number, text: string): ThreadLook | null {
  const value = (name: string) => new RegExp(`^${name}:\\s*(\\w+)`, "m").exec(text)?.[1];
  const tid = value("Pid"), state = value("State"), sleeps = value("voluntary_ctxt_switches");
  if (tid === undefined || state === undefined || sleeps === undefined) return null;
  return { pid, tid: Number(tid), state, sleeps: Number(sleeps) };
}

function lookAt(pid: number): ThreadLook[] {
  return [pid, ...descendantsOf(pid)].flatMap(threadsOf);
}

function threadsOf(pid: number): ThreadLook[] {
  const folder = `/proc/${pid}/task`;
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name }) =>
      parseThread(pid, Deno.readTextFileSync(`${folder}/${name}/status`)) ?? []
    );
  } catch {
    return [{ pid, tid: pid, state: "X", sleeps: 0 }]; // It has just ended, or one of its threads has.
  }
}
