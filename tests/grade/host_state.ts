/** The state of this machine, as far as a program that got out of its container could change it. */
import { dockerLines } from "../docker/docker_cli.ts";

/** What is read-only knowledge, or changes by itself. */
const SYSCTLS = [
  "kernel",
  "net/core",
  "net/ipv4",
  "net/ipv4/conf/all",
  "net/ipv4/conf/default",
  "fs",
  "vm",
];
const RESTLESS = /(?:\/(?:ns_last_pid|pid_max|.*-nr|.*-state|.*_count|nr_.*|aio-.*|file-max))$/;
/** What an engine makes for each of its networks and containers: those of others come and go meanwhile. */
const ENGINES =
  /\b(?:br-[0-9a-f]+|veth[0-9a-f]+|docker\d+|docker_gwbridge)\b|\/docker\/|-A POSTROUTING -s (\S+) -d \1 /;
/** The users that programs in sandboxes run as. */
const USERS = { from: 60_578, to: 61_184 };

/** Lines that are to be the same afterwards. */
export async function hostState(): Promise<string[]> {
  const [rules, routes, filters] = await Promise.all([
    lines("ip", "-o", "rule"),
    lines("ip", "-o", "route", "show", "table", "all"),
    lines("iptables-save"),
  ]);
  const mounts = Deno.readTextFileSync("/proc/self/mountinfo").split("\n");
  return [
    ...rules,
    ...routes.filter((line) => isOwn(/\bdev (\S+)/.exec(line)?.[1])),
    // Without the time and what was counted.
    ...filters.filter((line) => !line.startsWith("#")).map((line) => line.replace(/ \[.*\]$/, "")),
    ...mounts.map((line) => line.split(" ").slice(3).join(" ")),
    ...sysctls(),
  ].filter((line) => !ENGINES.test(line)).sort();
}

/** Processes of sandboxes that are in no container of the engine's. */
export async function strayProcesses(): Promise<string[]> {
  const found = [...Deno.readDirSync("/proc")].flatMap(({ name }) => {
    const uid = Number(/^Uid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1] ?? 0);
    return uid >= USERS.from && uid < USERS.to ? [read(`/proc/${name}/cgroup`)] : [];
  });
  const containers = await dockerLines("ps", "--quiet", "--no-trunc");
  return found.filter((cgroup) => !containers.some((id) => cgroup.includes(id)));
}

/** Milliseconds by which the clock of the day is ahead of one that nobody can set. */
export function clockOffset(): number {
  const uptime = Number(read("/proc/uptime").split(" ")[0]) * 1000;
  return Date.now() - uptime;
}

/** Bytes that are free where the engine keeps its images and containers. */
export async function freeBytes(): Promise<number> {
  const [root = "/"] = await dockerLines("info", "--format", "{{.DockerRootDir}}");
  const [, available] = await lines("df", "--block-size=1", "--output=avail", root);
  return Number(available);
}

/** Files of containers that have gone which the engine still has open, as far as they are to be seen. */
export async function engineLeftovers(): Promise<string[]> {
  const files = engineFiles().filter((path) => /[0-9a-f]{64}/.test(path));
  const there = await dockerLines("ps", "--all", "--quiet", "--no-trunc");
  return files.filter((path) => !there.some((id) => path.includes(id)));
}

/** What the engine has open, and this user may see. */
function engineFiles(): string[] {
  const pid = read("/var/run/docker.pid").trim() || read("/run/docker.pid").trim() || "none";
  const folder = `/proc/${pid}/fd`;
  try {
    return [...Deno.readDirSync(folder)].flatMap(({ name }) => {
      try {
        return Deno.readLinkSync(`${folder}/${name}`);
      } catch {
        return []; // Closed meanwhile.
      }
    });
  } catch {
    return [];
  }
}

/** What lies below a folder: paths with kinds, modes, lengths and times. */
export function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    const { mode, size, mtime } = Deno.lstatSync(path);
    const line = `${path} ${mode?.toString(8)} ${size} ${mtime?.toISOString()}`;
    return [line, ...isDirectory ? filesBelow(path) : []];
  }).sort();
}

/** Whether a network device is the machine's; those of engines and of other tests come and go. */
function isOwn(device = "lo"): boolean {
  try {
    return device === "lo" || Deno.lstatSync(`/sys/class/net/${device}/device`).isSymlink;
  } catch {
    return false;
  }
}

function sysctls(): string[] {
  return SYSCTLS.flatMap((folder) =>
    [...Deno.readDirSync(`/proc/sys/${folder}`)].filter(({ isFile }) => isFile)
      .map(({ name }) => `/proc/sys/${folder}/${name}`)
      .filter((path) => !RESTLESS.test(path))
      .map((path) => `${path} ${read(path).trim()}`)
  );
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return ""; // It has gone, or may only be written.
  }
}

/** The lines that a command prints; none where there is no such command. */
async function lines(command: string, ...args: string[]): Promise<string[]> {
  try {
    const { stdout } = await new Deno.Command(command, { args, stdin: "null", stderr: "null" })
      .output();
    return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim()).filter(Boolean);
  } catch {
    return [];
  }
}
