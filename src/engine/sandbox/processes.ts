/** The processes of a sandbox, seen from its agent: all but the first, which reaps, and the agent itself. */
import { countProcesses } from "../process_count.ts";
import { statFields } from "../process.ts";
import { SANDBOX_ENV, type Usage } from "./protocol.ts";

/** Returns what programs have now. */
export function usageOf(pids: readonly number[] = strangers()): Usage {
  return {
    memory: pids.reduce((sum, pid) => sum + anonymousMemory(read(`/proc/${pid}/status`)), 0),
    processes: countProcesses(pids.map((pid) => read(`/proc/${pid}/stat`))),
  };
}

/**
 * Ends every program, at once: with -1 the kernel signals all but the first process and the caller, under the lock that
 * also forks need (kill(2)), so that none slips through.
 *
 * @throws {Error} Where this is no sandbox: it would be the end of everything else.
 */
export function endAll(): void {
  requireSandbox();
  try {
    Deno.kill(-1, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Whether any program is left; one that has ended and is not yet waited for is none. */
export function anyLeft(): boolean {
  return strangers().some((pid) => !["Z", "X", undefined].includes(statFields(pid)?.[0]));
}

/** The processes of a program's session. */
export function membersOf(session: number): number[] {
  return strangers().filter((pid) => statFields(pid)?.[3] === String(session));
}

/** @throws {Error} Where this process is not the agent of a sandbox. */
export function requireSandbox(): void {
  // Its parent is the container's first process, the engine's own, and the tool has said what the container is for.
  const first = read("/proc/1/comm").trim();
  const container = Deno.ppid === 1 && ["docker-init", "tini", "catatonit"].includes(first);
  if (container && Deno.env.get(SANDBOX_ENV) !== undefined) return;
  throw new Error("Start this in a sandbox only: it ends every process that it sees");
}

function strangers(): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name))
    .filter((pid) => Number.isInteger(pid) && pid > 1 && pid !== Deno.pid);
}

/** Bytes that a process alone has, as /proc/PID/status tells everybody (proc(5)): without files. Pure. */
export function anonymousMemory(status: string): number {
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? 0);
  return (kilobytes("RssAnon") + kilobytes("RssShmem")) * 1024;
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return ""; // It has ended.
  }
}
