/** What /proc tells of processes (proc(5)), and signals to them. */

/**
 * When a process started, in ticks since boot as text; null where there is no such process, or a zombie. Where there is
 * no /proc, an empty text for any process that is there.
 */
export function startTime(pid: number): string | null {
  if (Deno.build.os !== "linux") return exists(pid) ? "" : null;
  const fields = statFields(pid);
  if (fields === null || fields[0] === "Z" || fields[0] === "X") return null;
  return fields[19] ?? null;
}

/** Whether there is a process; asks by a signal that does nothing to one that is not stopped. */
export function exists(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** The children of a process, of all its threads. */
export function childrenOf(pid: number): number[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) => {
      const text = Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`);
      return text.split(" ").filter((word) => word !== "").map(Number);
    });
  } catch {
    // The process has gone, or the kernel was built without this file (CONFIG_PROC_CHILDREN).
    return statFields(pid) === null
      ? []
      : allProcesses().filter((other) => statFields(other)?.[1] === String(pid));
  }
}

/** The children of a process, and theirs, and so on. */
export function descendantsOf(pid: number): number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

/**
 * The processes of a session that live in the same pid namespace as its first one, `first`: those that descend from the
 * session's leader, and those whose parents have ended, so that `first` has become theirs.
 */
export function sessionMembers(session: number, first: number): number[] {
  const namespace = pidNamespace(first);
  if (namespace === null) return [];
  return [...descendantsOf(session), ...descendantsOf(first)].filter((pid) =>
    statFields(pid)?.[3] === String(session) && pidNamespace(pid) === namespace
  );
}

/**
 * The processes whose parents have ended, so that `first` of their pid namespace has become theirs, and that belong to
 * none of these sessions, nor to that of `first`.
 */
export function orphansOf(first: number, sessions: ReadonlySet<number>): number[] {
  const own = sessionOf(first);
  return childrenOf(first).filter((pid) => {
    const session = Number(statFields(pid)?.[3]);
    return session !== own && !sessions.has(session);
  });
}

/** The session of a process; null where there is none. */
export function sessionOf(pid: number): number | null {
  const fields = statFields(pid);
  return fields === null ? null : Number(fields[3]);
}

function pidNamespace(pid: number): string | null {
  try {
    return Deno.readLinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return null;
  }
}

function allProcesses(): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
}

/** The fields of /proc/PID/stat behind the command's name, which may hold anything: state first. */
export function statFields(pid: number): string[] | null {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/stat`);
    return text.slice(text.lastIndexOf(")") + 2).trim().split(" ");
  } catch {
    return null;
  }
}

/** Sends a signal, to a whole group where the id is negative; one that has gone is no error. */
export function signal(pid: number, name: Deno.Signal): void {
  try {
    Deno.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Settles after so many milliseconds, unless it is called off. */
export function delay(ms: number): { done: Promise<void>; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const done = new Promise<void>((resolve) => timer = setTimeout(resolve, ms));
  return { done, cancel: () => clearTimeout(timer) };
}
