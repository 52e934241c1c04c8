/** The command lines of the local engine. Pure. */

/** Where the tools of util-linux and iproute2 lie, as absolute paths. */
export interface Tools {
  ip: string;
  mount: string;
  nsenter: string;
  setpriv: string;
  setsid: string;
  unshare: string;
}

/** A testbed's first process, from outside. */
export interface Inside {
  /** The link's process id on the machine: the first of its pid namespace. */
  pid: number;
  /** Whether the testbed has a user namespace of its own, which must be entered first. */
  userNamespace: boolean;
}

/** Whose rights a program gets. `null`: those of whoever runs the tool. */
export type Owner = { uid: number; gid: number } | null;

/**
 * Places of each testbed's own table of connections, where the kernel has such tables (6.1 and later). Whoever looks at
 * /proc/net/tcp has every place visited, and looks often; the machine's own table has hundreds of thousands.
 */
const CONNECTION_TABLE = 8192;

/** Shell words, in one namespace, for those that are made in it. */
export const smallTables =
  `{ echo ${CONNECTION_TABLE} >/proc/sys/net/ipv4/tcp_child_ehash_entries; } 2>/dev/null || :`;

/**
 * argv that starts `script` with `args` as the first process of fresh namespaces. That of the network is made in another
 * one, which is only there to say how large a table it gets.
 */
export function treeCommand(
  tools: Tools,
  options: { userNamespace: boolean; script: string; args: string[] },
): string[] {
  return [
    tools.unshare,
    ...(options.userNamespace ? ["--user", "--map-root-user"] : []),
    "--net",
    ...["/bin/sh", "-c", `${smallTables}\nexec "$0" "$@"`],
    tools.unshare,
    "--net",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "/bin/sh",
    "-c",
    options.script,
    "socklab-setup",
    ...options.args,
  ];
}

/**
 * argv that enters a testbed; a command follows. `client` names the host, 0 the server's.
 *
 * The client's namespace is opened before the mount namespace is entered, through the link's root:
 * one process instead of two.
 */
export function enterCommand(tools: Tools, inside: Inside, client: number): string[] {
  return [
    tools.nsenter,
    `--target=${inside.pid}`,
    ...(inside.userNamespace ? ["--user", "--preserve-credentials"] : []),
    "--mount",
    "--pid",
    client === 0 ? "--net" : `--net=/proc/${inside.pid}/root/run/netns/client${client}`,
  ];
}

/** argv that gives up every capability for good (setpriv(1)); a command follows. */
export function dropCommand(tools: Tools, owner: Owner): string[] {
  return [...limitCommand(tools, owner), "--bounding-set=-all"];
}

/**
 * The same for a shell, which leaves what ping's file capability names: without it in the bounding set the kernel
 * refuses to run ping at all (execve(2), EPERM). It cannot be gained: the user is nobody special, and no-new-privileges
 * holds. Ping needs none here.
 */
function dropForShell(tools: Tools, owner: Owner): string[] {
  return [
    ...limitCommand(tools, owner),
    "--bounding-set=-all,+net_raw",
    "--securebits=+noroot,+noroot_locked",
  ];
}

function limitCommand(tools: Tools, owner: Owner): string[] {
  return [
    tools.setpriv,
    ...(owner ? [`--reuid=${owner.uid}`, `--regid=${owner.gid}`, "--clear-groups"] : []),
    "--inh-caps=-all",
    "--ambient-caps=-all",
    "--no-new-privs",
  ];
}

/** argv that runs `command` in `cwd`: entering a mount namespace leaves one at its root. */
export function inFolder(cwd: string, command: string[]): string[] {
  return ["/bin/sh", "-c", 'cd -- "$0" && exec "$@"', cwd, ...command];
}

/** argv of a program inside a testbed, in a session of its own, without any privilege. `client` as for `enterCommand`. */
export function programCommand(
  tools: Tools,
  inside: Inside,
  options: { client: number; owner: Owner; cwd: string; command: string[] },
): string[] {
  return [
    tools.setsid,
    ...enterCommand(tools, inside, options.client),
    ...dropCommand(tools, options.owner),
    ...inFolder(options.cwd, options.command),
  ];
}

/**
 * argv of an interactive shell: at the server and at client 1 with what a program there has, at the
 * link with every right inside the testbed (tcpdump and tc need them).
 */
export function shellArgv(
  tools: Tools,
  inside: Inside,
  options: {
    where: "server" | "client" | "link";
    owner: Owner;
    cwd: string;
    /** What differs from the caller's environment. */
    env: Record<string, string>;
    shell: string;
  },
): string[] {
  const settings = Object.entries(options.env).map(([name, value]) => `${name}=${value}`);
  return [
    ...enterCommand(tools, inside, options.where === "client" ? 1 : 0),
    ...(options.where === "link" ? [] : dropForShell(tools, options.owner)),
    // The folder may be one that this place cannot enter; a shell at its root is better than none.
    ...["/usr/bin/env", ...settings, "/bin/sh", "-c", 'cd -- "$0" 2>/dev/null; exec "$@"'],
    ...[options.cwd, options.shell],
  ];
}
