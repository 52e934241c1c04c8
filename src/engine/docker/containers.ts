/** What the containers of a testbed are made of, as the engine's API takes it. Pure. */
import type Docker from "dockerode";
import { HOLD } from "./shell_line.ts";
import { clientAddress, serverAddress, type Subnet } from "./subnet.ts";
import type { ContainerUser } from "./user.ts";

/** What all containers of a testbed have in common. */
export interface TestbedFacts {
  /** What the names of its containers begin with; also its network's name. */
  name: string;
  labels: Record<string, string>;
  /** How many client hosts there are. */
  clients: number;
}

/** Where a container stands: a host of its own, or the network of another container. */
export type Place =
  | { host: "server" | number; subnet: Subnet }
  /** By name or id. */
  | { beside: string };

/** Memory of a program, in bytes; what it shares with the programs' image is not in it. */
export const MEMORY = 1 << 30;
/** Processes and threads of a program. */
const PIDS = 512;
/** Processor time: two processors' worth in each period, in microseconds. */
const CPU = { CpuPeriod: 100_000, CpuQuota: 200_000 };

/** What a name in a lab is looked up in: nothing answers there, so that unknown ones fail at once. */
const NOWHERE = { Dns: ["127.0.0.1"], DnsOptions: ["attempts:1", "timeout:1"] };

/** What every container is: gone when it ends, without a log on the disk, unable to gain anything. */
export const CONFINED = {
  AutoRemove: true,
  Init: true,
  ReadonlyRootfs: true,
  CapDrop: ["ALL"],
  SecurityOpt: ["no-new-privileges:true"],
  LogConfig: { Type: "none", Config: {} },
  Memory: MEMORY,
  MemorySwap: MEMORY,
  PidsLimit: PIDS,
  ...CPU,
} satisfies Docker.HostConfig;

/** Standard streams are ours: the input ends with our connection, and what reads it then ends as well. */
export const STREAMS = {
  OpenStdin: true,
  StdinOnce: true,
  AttachStdin: true,
  AttachStdout: true,
  AttachStderr: true,
};

/** What a program's container is made of. */
export interface ProgramContainer {
  image: string;
  /** `server`, `client` or `shell`, for the labels. */
  role: string;
  place: Place;
  user: ContainerUser;
  /** Folders of the host that are there under the same paths, to be read. */
  folders: readonly string[];
  /** Folders of the host that may be written, too. Default: none. */
  writes?: readonly string[];
  /** What it may take, in bytes and in threads. Default: what every container may. */
  limits?: { memory: number; pids: number } | undefined;
}

/** A container that holds until it is told by a line which program to become. */
export function heldContainer(
  facts: TestbedFacts,
  { image, role, place, user, folders, writes = [], limits }: ProgramContainer,
): Docker.ContainerCreateOptions {
  const { NetworkingConfig, HostConfig, ...standing } = standingAt(facts, place);
  // A program that lies in /tmp itself has that mounted, and scratch space elsewhere.
  const scratch = folders.includes("/tmp") ? "/dev/shm" : "/tmp";
  return {
    ...standing,
    ...STREAMS,
    ...(NetworkingConfig ? { NetworkingConfig } : {}),
    Image: image,
    Entrypoint: HOLD.slice(0, 1),
    Cmd: HOLD.slice(1),
    User: `${user.uid}:${user.gid}`,
    // Where Deno cannot write its cache, it tries for 0.15 s before it goes on without.
    Env: [`HOME=${scratch}`, `TMPDIR=${scratch}`, `DENO_DIR=${scratch}/.deno`],
    WorkingDir: "/",
    Labels: { ...facts.labels, "socklab.role": role },
    HostConfig: {
      ...CONFINED,
      ...HostConfig,
      ...(limits && { Memory: limits.memory, MemorySwap: limits.memory, PidsLimit: limits.pids }),
      ...(scratch === "/tmp" ? { Tmpfs: { "/tmp": "rw,nosuid,nodev,size=64m,mode=1777" } } : {}),
      Mounts: [...folders.map(readOnly), ...writes.map(writable)],
    },
  };
}

/** The link's container; `command` is argv, `source` the checkout's code where its user can read that. */
export function linkContainer(
  facts: TestbedFacts,
  { image, subnet, command, source, tun }: {
    image: string;
    subnet: Subnet;
    command: readonly string[];
    source: string | null;
    /** Whether the machine has a folder for the tun device. */
    tun: boolean;
  },
): Docker.ContainerCreateOptions {
  const { HostConfig, ...standing } = standingAt(facts, { host: "server", subnet });
  return {
    ...standing,
    ...STREAMS,
    Image: image,
    Entrypoint: command.slice(0, 1),
    Cmd: command.slice(1),
    User: "0:0",
    Env: ["HOME=/tmp", "NO_COLOR=1"],
    Labels: { ...facts.labels, "socklab.role": "link" },
    HostConfig: {
      ...CONFINED,
      ...HostConfig,
      CapAdd: ["NET_ADMIN", "NET_RAW"],
      Tmpfs: { "/tmp": "rw,nosuid,nodev,size=64m,mode=1777" },
      // The folder rather than the device: where the device is missing, the link says what to do about it.
      DeviceCgroupRules: ["c 10:200 rwm"],
      Mounts: [
        // To be read: that holds for the folder, which is the machine's own, not for the device in it.
        ...(tun
          ? [{ Type: "bind" as const, Source: "/dev/net", Target: "/dev/net", ReadOnly: true }]
          : []),
        ...(source === null ? [] : [{ ...readOnly(source), Target: "/socklab/src" }]),
      ],
      Sysctls: {
        ...HostConfig.Sysctls,
        "net.ipv4.ip_forward": "1",
        "net.ipv4.ip_early_demux": "0",
        "net.ipv4.conf.all.rp_filter": "0",
        "net.ipv4.conf.default.rp_filter": "0",
      },
    },
  };
}

/** What a shell's container is made of. */
export interface ShellContainer {
  image: string;
  /** Whether it has the link's rights: tcpdump and tc need them. */
  link: boolean;
  /** The container whose network it shares. */
  network: string;
  /** The container whose processes it sees; null for none. */
  processes: string | null;
  user: ContainerUser;
  folders: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
  tty: boolean;
}

/** A shell's container. */
export function shellContainer(
  facts: TestbedFacts,
  { image, link, network, processes, user, folders, cwd, env, tty }: ShellContainer,
): Docker.ContainerCreateOptions {
  const place = { beside: network };
  const config = heldContainer(facts, { image, role: "shell", place, user, folders });
  return {
    ...config,
    Tty: tty,
    Entrypoint: ["/usr/bin/bash"],
    Cmd: ["--norc"],
    WorkingDir: cwd,
    Env: [...config.Env ?? [], ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
    HostConfig: {
      ...config.HostConfig,
      ...(link ? { CapAdd: ["NET_ADMIN", "NET_RAW"] } : {}),
      // Where it sees another's processes, that one's first process is the first of all.
      ...(processes === null ? {} : { PidMode: `container:${processes}`, Init: false }),
    },
  };
}

/** Name, network and names of others of a container at a place. */
export function standingAt(facts: TestbedFacts, place: Place) {
  if ("beside" in place) {
    return { HostConfig: { NetworkMode: `container:${place.beside}` } as Docker.HostConfig };
  }
  const { host, subnet } = place;
  const address = host === "server" ? serverAddress(subnet) : clientAddress(subnet, host);
  const names = hostNames(host);
  return {
    Hostname: names[0]!,
    HostConfig: {
      ...NOWHERE,
      NetworkMode: facts.name,
      ExtraHosts: hosts(subnet, facts.clients),
      // BBR, the default of many kernels, hides loss.
      Sysctls: { "net.ipv4.tcp_congestion_control": "reno" },
    } as Docker.HostConfig,
    NetworkingConfig: {
      EndpointsConfig: {
        [facts.name]: { IPAMConfig: { IPv4Address: address }, Aliases: names },
      },
    },
  };
}

function hostNames(host: "server" | number): string[] {
  return host === "server" ? ["server"] : [`client${host}`, ...(host === 1 ? ["client"] : [])];
}

/** Everybody's name and address, so that no name need be asked for. */
function hosts(subnet: Subnet, clients: number): string[] {
  const clientHosts = Array.from({ length: clients }, (_, i) => i + 1).flatMap((k) =>
    hostNames(k).map((name) => `${name}:${clientAddress(subnet, k)}`)
  );
  return [`server:${serverAddress(subnet)}`, ...clientHosts];
}

function writable(folder: string) {
  return { Type: "bind" as const, Source: folder, Target: folder };
}

function readOnly(folder: string) {
  return { Type: "bind" as const, Source: folder, Target: folder, ReadOnly: true };
}
