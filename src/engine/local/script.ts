/**
 * The shell script that builds a testbed's network. Pure: text in, text out.
 *
 * It is the first process of its own pid, mount and network namespace (and user namespace where the
 * tool is not root) and ends by becoming the link. So it has few forks: one `mount` for every
 * mount, one `ip -batch` a namespace.
 *
 * Arguments: the state folder, then the paths of `mount`, `ip` and `nsenter`, then the link's argv.
 * First line on standard output: its process id as the machine sees it. On failure: the tool's own
 * message, then one line `socklab-setup: STEP` on standard error, and exit status 3.
 */
import { clientAddress, PREFIX_LENGTH, SERVER_ADDRESS } from "./addresses.ts";
import { smallTables } from "./commands.ts";

/** Sysctls of every namespace; each is set where the kernel has it and allows it. */
const QUIET: readonly (readonly [string, string])[] = [
  ["ipv6/conf/all/disable_ipv6", "1"],
  ["ipv6/conf/default/disable_ipv6", "1"],
];

/** Sysctls of the namespaces where programs run. */
const HOST: readonly (readonly [string, string])[] = [
  ...QUIET,
  // The machine's default may be 1 or 2, and the maximum of `all` and the device counts.
  ["ipv4/conf/all/rp_filter", "0"],
  ["ipv4/conf/default/rp_filter", "0"],
  ["ipv4/conf/lo/rp_filter", "0"],
  ["ipv4/conf/eth0/rp_filter", "0"],
  // bbr hides loss; a namespace accepts only what the machine allows.
  ["ipv4/tcp_congestion_control", "reno"],
  // What a small table of connections would make small as well.
  ["ipv4/tcp_max_tw_buckets", "65536"],
  ["ipv4/tcp_max_syn_backlog", "1024"],
  // As in a container: programs without capabilities may use port 7 and may ping.
  ["ipv4/ip_unprivileged_port_start", "0"],
  // The first form works where only one group is mapped, the second everywhere else.
  ["ipv4/ping_group_range", "0 0"],
  ["ipv4/ping_group_range", "0 2147483647"],
];

/** Shell words that write sysctls, ignoring those that are missing or refused. No single quotes in it. */
function sysctls(settings: readonly (readonly [string, string])[]): string {
  const lines = settings.map(([name, value]) => `put ${name} "${value}"`);
  return [
    `put() { { echo "$2" >"/proc/sys/net/$1"; } 2>/dev/null || :; }`,
    ...lines,
  ].join("\n");
}

/** `ip -batch` lines that give a host's `eth0` its address and bring it up. */
function hostBatch(address: string): string {
  return [
    `address add ${address}/${PREFIX_LENGTH} dev eth0`,
    "link set dev lo up",
    "link set dev eth0 up",
  ].join("\n");
}

/** `ip -batch` lines for the hub: a bridge, and one cable to each host. Run inside `hub`. */
function hubBatch(clients: number): string {
  const cable = (port: string, host: string) =>
    `link add name ${port} master br0 up type veth peer name eth0 netns ${host}`;
  // No spanning tree and no multicast snooping: a bridge that says nothing of its own.
  const lines = ["link add name br0 up type bridge stp_state 0 mcast_snooping 0"];
  lines.push(cable("server0", "server"));
  for (let k = 1; k <= clients; k++) lines.push(cable(`client${k}`, `client${k}`));
  return lines.join("\n");
}

/** The whole script for a testbed with that many client hosts. */
export function setupScript(clients: number): string {
  const hosts = Array.from({ length: clients }, (_, i) => i + 1);
  const lines = [
    `fail() { echo "socklab-setup: $1" >&2; exit 3; }`,
    // Before the pid namespace's own /proc covers it, /proc still shows the machine's process ids.
    "read -r pid rest </proc/self/stat || fail proc",
    `echo "$pid"`,
    "state=$1 mount=$2 ip=$3 nsenter=$4; shift 4",
    // The link reaches its folder by /proc/self/cwd: the mounts hide it from the programs.
    `cd "$state" || fail state`,
    `"$mount" -a -T "$state/fstab" || fail mounts`,
    `host='${sysctls(HOST)}'`,
    `hub='${sysctls(QUIET)}'`,
    smallTables,
    `"$ip" -batch - <<'END' || fail namespaces`,
    "netns add hub",
    ...hosts.map((k) => `netns add client${k}`),
    "netns attach server 1",
    "END",
    `inside() { "$nsenter" --net="/run/netns/$1" /bin/sh -c "$2
exec \\"\\$0\\" -batch -" "$ip" || fail "$1"; }`,
    `eval "$host"`,
    `inside hub "$hub" <<'END'`,
    hubBatch(clients),
    "END",
    // A device takes the defaults of its namespace when it is made; eth0 is there only now.
    "put ipv4/conf/eth0/rp_filter 0",
    `"$ip" -batch - <<'END' || fail server`,
    hostBatch(SERVER_ADDRESS),
    "END",
  ];
  for (const k of hosts) {
    lines.push(`inside client${k} "$host" <<'END'`, hostBatch(clientAddress(k)), "END");
  }
  lines.push(`exec "$@"`);
  return lines.join("\n") + "\n";
}

/** Escapes a path for fstab(5): blanks, tabs, newlines and backslashes as octal. */
function fstabPath(path: string): string {
  return path.replace(
    /[ \t\n\\#]/g,
    (c) => "\\" + c.charCodeAt(0).toString(8).padStart(3, "0"),
  );
}

/** What the mounts of a testbed depend on. */
export interface MountOptions {
  /** The state folder, which holds `hosts` and `resolv.conf`; a real path. */
  state: string;
  /** The folders to hide from programs: those that state folders lie in. Real paths. */
  hide: string[];
  /** Whether the machine has `/etc/resolv.conf` to cover. */
  resolvConf: boolean;
}

/**
 * The mounts of a testbed's own mount namespace, as an fstab(5), in order.
 *
 * `/run` becomes private, so that named namespaces are invisible to the machine and programs do not
 * reach its sockets; the folder with control sockets is covered, so that no program can talk to a
 * link.
 */
export function fstab({ state, hide, resolvConf }: MountOptions): string {
  const lines = [`${fstabPath(state + "/hosts")} /etc/hosts none bind 0 0`];
  if (resolvConf) {
    lines.push(`${fstabPath(state + "/resolv.conf")} /etc/resolv.conf none bind 0 0`);
  }
  for (const folder of hide.filter((folder) => !folder.startsWith("/run/"))) {
    lines.push(`socklab-state ${fstabPath(folder)} tmpfs mode=0700,size=4k 0 0`);
  }
  lines.push("socklab-run /run tmpfs mode=0755 0 0", "socklab-proc /proc proc defaults 0 0");
  return lines.join("\n") + "\n";
}
