/** From what a machine has to what it can run and what to install. Pure. */
import { isRecent, OLDEST_ENGINE } from "./docker_version.ts";
import type { DockerFacts, MachineFacts, NamespaceFacts, ToolName } from "./machine_facts.ts";
import type { DriverName, EngineName } from "./testbed.ts";

/** One thing looked at. */
export interface Finding {
  topic: string;
  /** `missing` stops a run on the local engine; `note` is worth knowing. */
  state: "ok" | "note" | "missing";
  /** What is there, in a few words. */
  found: string;
  /** What to do about it; where nothing need be done, absent. */
  remedy?: string;
}

/** What a machine can run, and why. */
export interface Advice {
  /** Whether a run would work. */
  ok: boolean;
  /** The engine that a run would take of itself; null where none can work. */
  engine: EngineName | null;
  /** The driver that a run would take; null likewise. */
  driver: DriverName | null;
  /** Whether a run on the local engine would work. */
  local: boolean;
  findings: Finding[];
}

/** Which Debian package holds a tool. */
const PACKAGES: Record<ToolName, "iproute" | "util-linux" | "tcpdump" | "mount"> = {
  ip: "iproute",
  tc: "iproute",
  ss: "iproute",
  mount: "mount",
  nsenter: "util-linux",
  setpriv: "util-linux",
  unshare: "util-linux",
  tcpdump: "tcpdump",
};

/** What each family of distributions calls them, and how it installs. */
const INSTALLERS: readonly {
  ids: readonly string[];
  command: string;
  names: Partial<Record<string, string>>;
}[] = [
  { ids: ["debian", "ubuntu"], command: "apt-get install", names: { iproute: "iproute2" } },
  {
    ids: ["fedora", "rhel", "centos"],
    command: "dnf install",
    names: { iproute: "iproute iproute-tc", mount: "util-linux" },
  },
  {
    ids: ["suse", "opensuse"],
    command: "zypper install",
    names: { iproute: "iproute2", mount: "util-linux" },
  },
  { ids: ["arch"], command: "pacman -S", names: { iproute: "iproute2", mount: "util-linux" } },
  {
    ids: ["alpine"],
    command: "apk add",
    names: { iproute: "iproute2", mount: "util-linux", "util-linux": "util-linux setpriv" },
  },
];

const NEEDED: readonly ToolName[] = ["ip", "mount", "nsenter", "setpriv", "unshare"];
const USEFUL: readonly ToolName[] = ["ss", "tc", "tcpdump"];

/** Returns what the machine can run, with a finding for each thing looked at. */
export function advise(facts: MachineFacts): Advice {
  const findings: Finding[] = [
    { topic: "Deno", state: "ok", found: `${facts.deno.version}, ${facts.deno.path}` },
    docker(facts),
  ];
  if (facts.os !== "linux") {
    findings.push({
      topic: "System",
      state: "missing",
      found: `${facts.os}, which has no network namespaces`,
      remedy:
        "Install Docker and start it; or run it on Linux: a virtual machine, WSL 2 on Windows",
    });
    return conclude(facts, findings);
  }
  findings.push({ topic: "Kernel", state: "ok", found: `Linux ${facts.kernel}, ${facts.arch}` });
  findings.push(...tools(facts));
  const { namespaces } = facts;
  if (namespaces && namespaces.as === null) findings.push(forbidden(facts, namespaces.reason));
  if (namespaces && namespaces.as !== null) findings.push(...inside(facts, namespaces));
  return conclude(facts, findings);
}

/** Whether an engine that was looked for can be used. */
export function isUsable({ version }: DockerFacts): boolean {
  return version !== null && isRecent(version);
}

/** Docker is taken where it can be used, whatever the local engine lacks. */
function conclude({ docker }: MachineFacts, findings: Finding[]): Advice {
  const local = findings.every(({ state }) => state !== "missing");
  const engine = isUsable(docker) ? "docker" : local ? "local" : null;
  return { ok: engine !== null, engine, driver: engine && "tun", local, findings };
}

/** Returns the command that installs what holds the tools, for the machine's distribution. */
export function installCommand(facts: MachineFacts, missing: readonly ToolName[]): string {
  const installer = INSTALLERS.find(({ ids }) => ids.some((id) => facts.distribution.includes(id)));
  const packages = missing.map((tool) => installer?.names[PACKAGES[tool]] ?? PACKAGES[tool]);
  const list = [...new Set(packages.flatMap((names) => names.split(" ")))].sort().join(" ");
  if (!installer) return `install the packages that hold ${missing.join(", ")}`;
  return `${facts.root ? "" : "sudo "}${installer.command} ${list}`;
}

function tools(facts: MachineFacts): Finding[] {
  const missing = NEEDED.filter((name) => facts.tools[name] === null);
  const wished = USEFUL.filter((name) => facts.tools[name] === null);
  const findings: Finding[] = [{
    topic: "Tools",
    state: missing.length > 0 ? "missing" : "ok",
    found: missing.length > 0 ? `no ${missing.join(", ")}` : NEEDED.join(", "),
    ...(missing.length > 0 ? { remedy: installCommand(facts, missing) } : {}),
  }];
  if (wished.length > 0) {
    findings.push({
      topic: "For the shell",
      state: "note",
      found: `no ${wished.join(", ")}`,
      remedy: installCommand(facts, wished),
    });
  }
  return findings;
}

function docker({ docker, root }: MachineFacts): Finding {
  const topic = "Docker";
  const { version, reason, socket, images } = docker;
  if (version !== null && !isRecent(version)) {
    const found = `${version} answers on ${socket}; too old to be used`;
    return { topic, state: "note", found, remedy: `Update it to ${OLDEST_ENGINE} or newer` };
  }
  if (version !== null) {
    const missing = (images ?? []).filter(({ there }) => !there).map(({ tag }) => tag);
    const found = `${version} answers on ${socket}`;
    if (missing.length === 0) {
      return {
        topic,
        state: "ok",
        found: images === undefined ? found : `${found}, with our images`,
      };
    }
    return {
      topic,
      state: "ok",
      found: `${found}, without ${missing.join(" and ")}`,
      remedy: "./lab images builds what is missing; or else the first run does",
    };
  }
  const found = {
    absent: "not there; not needed",
    forbidden: `${socket} is not yours to use; not needed`,
    refused: `nobody listens on ${socket}; not needed`,
    silent: `${socket} does not answer as Docker does; not needed`,
    "unknown-host": `DOCKER_HOST is ${socket}, which is neither unix:// nor tcp://; not needed`,
  }[reason ?? "absent"];
  const remedy = reason === "forbidden" && !root
    ? { remedy: 'To use it: sudo usermod -aG docker "$USER", then log in again' }
    : {};
  return { topic, state: "note", found, ...remedy };
}

/** Why namespaces could not be made, most likely first, each with its way out. */
function forbidden({ root, limits }: MachineFacts, reason: string): Finding {
  const topic = "Namespaces";
  const missing = (found: string, remedy: string): Finding => ({
    topic,
    state: "missing",
    found: `not allowed: ${found}`,
    remedy,
  });
  if (limits.maxUserNamespaces === 0) {
    return missing(
      "user.max_user_namespaces is 0",
      "sudo sysctl -w user.max_user_namespaces=15000 (until the next start), or run it as root",
    );
  }
  if (!root && limits.usernsClone === 0) {
    return missing(
      "kernel.unprivileged_userns_clone is 0",
      "sudo sysctl -w kernel.unprivileged_userns_clone=1 (until the next start), or run it as root",
    );
  }
  if (!root && limits.appArmor !== null && limits.appArmor > 0) {
    return missing(
      "kernel.apparmor_restrict_unprivileged_userns is 1, as on Ubuntu 24.04",
      "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (until the next start), " +
        "or run it as root",
    );
  }
  if (limits.container) {
    return missing(
      `this container forbids them (${reason})`,
      "Start the container with --privileged, or outside of it run ./lab there",
    );
  }
  return missing(reason, root ? "Allow unshare(2) to root" : "Run it as root");
}

function inside(facts: MachineFacts, namespaces: NamespaceFacts): Finding[] {
  const findings: Finding[] = [{
    topic: "Namespaces",
    state: "ok",
    found: namespaces.as === "root" ? "as root" : "rootless, in a user namespace",
  }];
  for (const [name, module] of [["veth", "veth"], ["bridge", "bridge"]] as const) {
    const trial = namespaces[name];
    if (trial.works) continue;
    findings.push({
      topic: name === "veth" ? "veth pairs" : "Bridges",
      state: "missing",
      found: `no: ${trial.reason}`,
      remedy: `${facts.root ? "" : "sudo "}modprobe ${module}`,
    });
  }
  findings.push(tun(facts, namespaces), netem(facts, namespaces), congestion(namespaces));
  return findings;
}

function tun(facts: MachineFacts, namespaces: NamespaceFacts): Finding {
  const sudo = facts.root ? "" : "sudo ";
  const topic = "tun";
  if (namespaces.tun.works) return { topic, state: "ok", found: "a device can be made" };
  const missing = (found: string, remedy: string): Finding => ({
    topic,
    state: "missing",
    found,
    remedy,
  });
  if (facts.tunMode === null) {
    return facts.limits.container
      ? missing(
        "this container has no /dev/net/tun",
        "Start the container with --device /dev/net/tun",
      )
      : missing("there is no /dev/net/tun", `${sudo}modprobe tun`);
  }
  if (!facts.tunOpens) {
    const mode = facts.tunMode.toString(8).padStart(4, "0");
    return missing(
      `/dev/net/tun is not yours to open (its mode is ${mode})`,
      `${sudo}chmod 0666 /dev/net/tun (as most systems have it), or run it as root`,
    );
  }
  return missing(`no: ${namespaces.tun.reason}`, `${sudo}modprobe tun`);
}

function netem(facts: MachineFacts, namespaces: NamespaceFacts): Finding {
  const topic = "netem";
  const version = facts.tcVersion ? `tc ${facts.tcVersion}` : "tc";
  if (!namespaces.netem.works) {
    const why = facts.tools.tc ? namespaces.netem.reason.replace(/^Error: |\.$/g, "") : "no tc";
    return {
      topic,
      state: "note",
      found: `the kernel's own does not work here (${why}); tun does`,
    };
  }
  const seed = namespaces.netemSeed ? "takes a seed" : `no seed (${version}, ${facts.kernel})`;
  return { topic, state: "note", found: `the kernel's own works, ${seed}; not used yet` };
}

function congestion({ congestion }: NamespaceFacts): Finding {
  const topic = "TCP";
  const list = congestion.join(", ") || "none known";
  return congestion.includes("reno")
    ? { topic, state: "ok", found: `reno (of ${list})` }
    : { topic, state: "note", found: `no reno (${list}): loss may look milder than it is` };
}
