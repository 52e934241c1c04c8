/** Processor time of a container engine on this machine: of its processes and of its containers, whoever has started them. */

/** Where a control group of the engine's tells the time of all its containers: version 2, version 1. */
const GROUPS = ["docker/cpu.stat", "cpuacct/docker/cpuacct.usage"].map((path) =>
  `/sys/fs/cgroup/${path}`
);
/** Where systemd has made a control group for each (`native.cgroupdriver=systemd`), version 2. */
const SLICE = "/sys/fs/cgroup/system.slice";
/** The engine's processes that all containers share, and the one that each has. */
const SHARED = /^(dockerd|containerd)$/, OF_ONE = /^containerd-shim/;
/** Ticks of a second in /proc/PID/stat, on every Linux that Deno knows. */
const TICKS = 100;

/** Returns the processor seconds of each, by a name; null where the machine does not tell those of containers. */
export function engineTimes(): Map<string, number> | null {
  const containers = containerTimes();
  return containers === null ? null : new Map([...containers, ...processTimes()]);
}

/** Returns the seconds that a `cpu.stat` or `cpuacct.usage` tells. Pure. */
export function parseUsage(text: string): number {
  const microseconds = /^usage_usec (\d+)$/m.exec(text)?.[1];
  return microseconds === undefined ? Number(text) / 1e9 : Number(microseconds) / 1e6;
}

/**
 * Returns the seconds of a process by its /proc/PID/stat (proc(5)), by a name that no other has; null where it is not one
 * of the engine. With those of the children that it has waited for, but for a container's own process: its children are
 * the container's, which are counted already, and runc, which therefore is not. Pure.
 */
export function parseEngineProcess(text: string): [name: string, seconds: number] | null {
  const [, pid, command, rest] = /^(\d+) \((.*)\) (.*)$/s.exec(text) ?? [];
  if (rest === undefined) return null;
  const shared = SHARED.test(command!);
  if (!shared && !OF_ONE.test(command!)) return null;
  const fields = rest.split(" ");
  const ticks = fields.slice(11, shared ? 15 : 13).reduce((sum, field) => sum + Number(field), 0);
  return [`${pid} since ${fields[19]}`, ticks / TICKS];
}

function containerTimes(): Map<string, number> | null {
  for (const path of GROUPS) {
    const text = readText(path);
    if (text !== null) return new Map([[path, parseUsage(text)]]);
  }
  const scopes = namesIn(SLICE).filter((name) => /^docker-.*\.scope$/.test(name));
  if (scopes.length === 0) return null;
  return new Map(scopes.flatMap((name): [string, number][] => {
    const text = readText(`${SLICE}/${name}/cpu.stat`);
    return text === null ? [] : [[name, parseUsage(text)]];
  }));
}

function processTimes(): [string, number][] {
  return namesIn("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    const found = parseEngineProcess(readText(`/proc/${pid}/stat`) ?? "");
    return found === null ? [] : [found];
  });
}

function namesIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)].map(({ name }) => name);
  } catch {
    return []; // Not on this machine.
  }
}

function readText(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null; // Not on this machine, or it has ended.
  }
}
