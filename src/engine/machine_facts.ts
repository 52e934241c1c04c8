/** What a machine has of what socklab needs; facts only, `advice.ts` judges them. */

import type { TcFacts } from "../link/mod.ts";

/** A trial and its outcome: it works, or the machine's own words on why not. */
export type Trial = { works: true } | { works: false; reason: string };

/** The tools looked for, by the name of their command. */
export const TOOLS = [
  "ip",
  "mount",
  "nsenter",
  "setpriv",
  "setsid",
  "unshare",
  "tc",
  "ss",
  "tcpdump",
] as const;

/** One of {@link TOOLS}. */
export type ToolName = typeof TOOLS[number];

/** What was tried in fresh namespaces that are gone again. */
export interface NamespaceFacts {
  /** As whom they could be made: `root`, or `user` for a user namespace; null where neither could. */
  as: "root" | "user" | null;
  /** The machine's words where they could not. */
  reason: string;
  /** A pair of joined Ethernet devices. */
  veth: Trial;
  /** A bridge to join more. */
  bridge: Trial;
  /** A tun device, as the `tun` driver needs. */
  tun: Trial;
  /** What the link finds of the kernel's netem; null where it could not look. */
  tc: TcFacts | null;
  /** TCP congestion controls that a namespace may choose. */
  congestion: string[];
}

/** Settings by which a machine forbids namespaces to ordinary users; null where it has no such setting. */
export interface NamespaceLimits {
  /** Ubuntu: `kernel.apparmor_restrict_unprivileged_userns`. */
  appArmor: number | null;
  /** Older Debian: `kernel.unprivileged_userns_clone`. */
  usernsClone: number | null;
  /** `user.max_user_namespaces`. */
  maxUserNamespaces: number | null;
  /** Whether we run inside a container, whose filters may forbid them. */
  container: boolean;
}

/** A container engine that was asked for its version. */
export interface DockerFacts {
  /** The socket asked, as a path or as DOCKER_HOST has it; null where none was found. */
  socket: string | null;
  /** Its version; null where it did not answer. */
  version: string | null;
  /** Why it did not answer. */
  reason: "absent" | "forbidden" | "refused" | "silent" | "unknown-host" | null;
  /** The release of the kernel that its containers have; null where it did not say. */
  kernel: string | null;
  /** Our images by name and tag, and whether it has each; absent where it was not asked. */
  images?: { tag: string; there: boolean }[];
}

/** What {@link probeMachine} found. */
export interface MachineFacts {
  deno: { version: string; path: string };
  /** `linux`, `darwin`, `windows`, … */
  os: string;
  arch: string;
  /** The kernel's release, such as `6.18.44`. */
  kernel: string;
  /** Whether we are root. */
  root: boolean;
  /** Ids of the distribution and of those it is like (os-release(5)), such as `["ubuntu", "debian"]`. */
  distribution: string[];
  /** Absolute paths; null where the command is missing. */
  tools: Record<ToolName, string | null>;
  /** What `tc -V` says of its version, such as `6.1.0`; null without tc. */
  tcVersion: string | null;
  /** /dev/net/tun as it lies there: its mode bits, or null where it is missing. */
  tunMode: number | null;
  /** Whether we may open /dev/net/tun. */
  tunOpens: boolean;
  /** null where this is not Linux or `unshare` is missing. */
  namespaces: NamespaceFacts | null;
  limits: NamespaceLimits;
  docker: DockerFacts;
}
