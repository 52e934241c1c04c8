/**
 * Tells, as JSON on standard output, what a process may do where it runs: to be run inside a container, by whatever
 * starts programs there. It imports nothing, so that it also runs where only this file is at hand.
 *
 * ```sh
 * deno run -A --no-config /socklab/tests/docker/inside_probe.ts '{"tcp":["192.0.2.1:80"]}'
 * ```
 *
 * What it tries has no effect where it succeeds: files are removed, sockets closed, namespaces its own.
 */

/** What to try to reach. */
export interface Attempts {
  /** `address:port`, each tried at once; `[::1]:80` for IPv6. */
  tcp?: string[];
  /** `address:port`, to each of which one datagram is sent; who listens there tells whether it came. */
  udp?: string[];
  /** Names to look up. */
  names?: string[];
  /** How long a connection may take, in milliseconds. Default 1000. */
  connectMs?: number;
}

/** What was found. */
export interface InsideReport {
  uid: number;
  gid: number;
  /** Supplementary groups. */
  groups: number[];
  /** Names of the capabilities in the sets of proc(5): CapEff, CapPrm, CapBnd, CapAmb, CapInh. */
  capabilities: Record<
    "effective" | "permitted" | "bounding" | "ambient" | "inheritable",
    string[]
  >;
  noNewPrivs: boolean;
  /** 2 with a filter, as proc(5) has it. */
  seccomp: number;
  /** Folders, mount points and the usual ones, in which a file could be made. */
  writable: string[];
  /** Bytes that fit into each writable tmpfs, by its size. */
  tmpfs: Record<string, string>;
  mounts: { point: string; type: string; options: string }[];
  /** Of the control group; null where there is none. Memory in bytes, CPU in cores. */
  limits: { pids: number | null; memory: number | null; cpu: number | null; files: number | null };
  /** `name address`, without loopback. */
  addresses: string[];
  /** Destinations of the routes, `default` for any. */
  routes: string[];
  /** What became of each attempt: `connected`, or why not. */
  tcp: Record<string, string>;
  /** What became of each datagram: `sent`, or why not. */
  udp: Record<string, string>;
  names: Record<string, string>;
  /** Unix sockets in the file system that accept a connection, and abstract ones that have a name. */
  sockets: string[];
  /** System calls that need a privilege, each with whether it succeeded. */
  calls: Record<
    "rawSocket" | "packetSocket" | "setHostname" | "newNetwork" | "becomeRoot",
    boolean
  >;
}

const CAPABILITIES =
  ("CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE " +
    "NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT " +
    "SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP " +
    "MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE")
    .split(" ");

const FOLDERS = [
  "/",
  "/bin",
  "/dev",
  "/dev/shm",
  "/etc",
  "/home",
  "/mnt",
  "/opt",
  "/proc/sys",
  "/root",
  "/run",
  "/srv",
]
  .concat([
    "/sys",
    "/sys/fs/cgroup",
    "/tmp",
    "/usr",
    "/usr/local",
    "/var",
    "/var/run",
    "/var/tmp",
    "/socklab",
  ]);

if (import.meta.main) {
  const attempts = JSON.parse(Deno.args[0] ?? "{}") as Attempts;
  console.log(JSON.stringify(await look(attempts)));
}

/** Looks and tries; never rejects for what is forbidden. */
export async function look(attempts: Attempts): Promise<InsideReport> {
  const status = read("/proc/self/status");
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, "m").exec(status)?.[1] ?? "";
  const mounts = read("/proc/self/mounts").trim().split("\n").map((line) => {
    const [, point = "", type = "", options = ""] = line.split(" ");
    return { point: point.replaceAll("\\040", " "), type, options };
  });
  const folders = [...new Set([...FOLDERS, ...mounts.map(({ point }) => point)])].sort();
  const writable = folders.filter(canWrite);
  return {
    uid: Number(field("Uid").split("\t")[1]),
    gid: Number(field("Gid").split("\t")[1]),
    groups: field("Groups").trim().split(" ").filter(Boolean).map(Number),
    capabilities: {
      effective: capabilities(field("CapEff")),
      permitted: capabilities(field("CapPrm")),
      bounding: capabilities(field("CapBnd")),
      ambient: capabilities(field("CapAmb")),
      inheritable: capabilities(field("CapInh")),
    },
    noNewPrivs: field("NoNewPrivs") === "1",
    seccomp: Number(field("Seccomp")),
    writable,
    tmpfs: Object.fromEntries(
      mounts.filter(({ type, point }) => type === "tmpfs" && writable.includes(point))
        .map(({ point, options }) => [point, /size=(\w+)/.exec(options)?.[1] ?? "unlimited"]),
    ),
    mounts,
    limits: limits(),
    addresses: Deno.networkInterfaces().filter(({ name }) => name !== "lo")
      .map(({ name, address }) => `${name} ${address}`),
    routes: routes(),
    tcp: await each(attempts.tcp, (to) => connect(to, attempts.connectMs ?? 1000)),
    udp: await each(attempts.udp, sendTo),
    names: await each(attempts.names, resolveName),
    sockets: await sockets(),
    calls: calls(),
  };
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

function capabilities(hex: string): string[] {
  const bits = BigInt(`0x${hex || "0"}`);
  return Array.from({ length: 64 }, (_, i) => i).filter((i) => (bits >> BigInt(i)) & 1n)
    .map((i) => CAPABILITIES[i] ?? `CAP_${i}`);
}

function canWrite(folder: string): boolean {
  const path = `${folder}/.probe-${crypto.randomUUID()}`;
  try {
    Deno.writeTextFileSync(path, "");
    Deno.removeSync(path);
    return true;
  } catch {
    return false;
  }
}

function limits(): InsideReport["limits"] {
  const first = (...paths: string[]) => {
    const text = paths.map((path) => read(`/sys/fs/cgroup/${path}`).trim()).find(Boolean) ?? "max";
    return text;
  };
  // Version 1 writes "no limit" as about 2^63.
  const number = (text: string) =>
    /^\d+$/.test(text) && Number(text) < 2 ** 60 ? Number(text) : null;
  const [quota, period = "100000"] = read("/sys/fs/cgroup/cpu.max").trim().split(" ");
  const share = number(quota || first("cpu/cpu.cfs_quota_us"));
  const per = Number(quota ? period : first("cpu/cpu.cfs_period_us"));
  return {
    pids: number(first("pids.max", "pids/pids.max")),
    memory: number(first("memory.max", "memory/memory.limit_in_bytes")),
    cpu: share === null ? null : share / per,
    files: number(/^Max open files\s+(\d+)/m.exec(read("/proc/self/limits"))?.[1] ?? ""),
  };
}

function routes(): string[] {
  const dotted = (hex: string) =>
    hex.match(/../g)?.reverse().map((byte) => parseInt(byte, 16)).join(".");
  return read("/proc/net/route").trim().split("\n").slice(1).map((line) => {
    const [, to = "", , , , , , mask = ""] = line.split("\t");
    const bits = parseInt(mask, 16).toString(2).replaceAll("0", "").length;
    return bits === 0 ? "default" : `${dotted(to)}/${bits}`;
  });
}

async function each(targets: string[] = [], attempt: (target: string) => Promise<string>) {
  const results = await Promise.all(targets.map(async (target) => {
    try {
      return [target, await attempt(target)];
    } catch (error) {
      return [target, error instanceof Error ? error.message : String(error)];
    }
  }));
  return Object.fromEntries(results) as Record<string, string>;
}

function address(target: string): { hostname: string; port: number } {
  const at = target.lastIndexOf(":");
  return {
    hostname: target.slice(0, at).replace(/^\[|\]$/g, ""),
    port: Number(target.slice(at + 1)),
  };
}

async function connect(target: string, connectMs: number): Promise<string> {
  const connection = await Deno.connect({
    ...address(target),
    signal: AbortSignal.timeout(connectMs),
  });
  connection.close();
  return "connected";
}

async function sendTo(target: string): Promise<string> {
  const { hostname, port } = address(target);
  const any = hostname.includes(":") ? "::" : "0.0.0.0";
  // By Node's module: Deno's own datagrams need a flag that a caller may not give.
  const { createSocket } = await import("node:dgram");
  const socket = createSocket(any === "::" ? "udp6" : "udp4");
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on("error", reject);
      socket.send("probe", port, hostname, (error) => error ? reject(error) : resolve());
    });
    return "sent";
  } finally {
    socket.close();
  }
}

async function resolveName(name: string): Promise<string> {
  const { lookup } = await import("node:dns/promises");
  return (await lookup(name)).address;
}

async function sockets(): Promise<string[]> {
  const found: string[] = [];
  const walk = (folder: string) => {
    let entries: Deno.DirEntry[];
    try {
      entries = [...Deno.readDirSync(folder || "/")];
    } catch {
      return;
    }
    for (const { name, isDirectory, isFile, isSymlink } of entries) {
      const path = `${folder}/${name}`;
      if (isDirectory && !/^\/(?:proc|sys)$|\/node_modules$|\/\.git$/.test(path)) walk(path);
      else if (!isDirectory && !isFile && !isSymlink && Deno.statSync(path).isSocket) {
        found.push(path);
      }
    }
  };
  walk("");
  const open: string[] = [];
  for (const path of found) {
    try {
      (await Deno.connect({ transport: "unix", path })).close();
      open.push(path);
    } catch {
      // Nobody listens, or it is forbidden.
    }
  }
  const abstract = read("/proc/net/unix").match(/ @\S+$/gm)?.map((name) => name.trim()) ?? [];
  return [...open, ...new Set(abstract)];
}

function calls(): InsideReport["calls"] {
  const libc = Deno.dlopen("libc.so.6", {
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    sethostname: { parameters: ["buffer", "usize"], result: "i32" },
    unshare: { parameters: ["i32"], result: "i32" },
    setuid: { parameters: ["u32"], result: "i32" },
  });
  // To what it is already.
  const hostname = new TextEncoder().encode(Deno.hostname());
  const opens = (...socket: [number, number, number]) => {
    const fd = libc.symbols.socket(...socket);
    return fd >= 0 && libc.symbols.close(fd) === 0;
  };
  const AF_INET = 2, AF_PACKET = 17, SOCK_RAW = 3, IPPROTO_ICMP = 1, CLONE_NEWNET = 0x40000000;
  return {
    rawSocket: opens(AF_INET, SOCK_RAW, IPPROTO_ICMP),
    packetSocket: opens(AF_PACKET, SOCK_RAW, 0),
    setHostname: libc.symbols.sethostname(hostname, BigInt(hostname.length)) === 0,
    newNetwork: libc.symbols.unshare(CLONE_NEWNET) === 0,
    becomeRoot: Deno.uid() !== 0 && libc.symbols.setuid(0) === 0,
  };
}
