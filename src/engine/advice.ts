/** From what a machine has to what it can run and what to install. Pure. */
import { isRecent, OLDEST_ENGINE } from "./docker_version.ts";
import {
  chooseDriver,
  type DriverName,
  knowsSeeds,
  seedReason,
  type TcFacts,
} from "../link/mod.ts";
import type { DockerFacts, MachineFacts, NamespaceFacts, ToolName } from "./machine_facts.ts";
import type { EngineName } from "./testbed.ts";

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
  /** The driver that an ordinary run would take there; null likewise, and where only a run can tell. */
  driver: DriverName | null;
  /** Why it is that one, in a clause; null where there is nothing to say. */
  why: string | null;
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
  setsid: "util-linux",
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

const NEEDED: readonly ToolName[] = ["ip", "mount", "nsenter", "setpriv", "setsid", "unshare"];
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
function conclude(facts: MachineFacts, findings: Finding[]): Advice {
  const { docker } = facts;
  const local = findings.every(({ state }) => state !== "missing");
  const engine = isUsable(docker) ? "docker" : local ? "local" : null;
  const report = engine && driverOn(engine, facts);
  const { driver = null, why = null } = report ?? {};
  return { ok: engine !== null, engine, driver, why, local, findings };
}

/** The driver that an ordinary run takes, as its link will choose it; null where this machine cannot tell. */
function driverOn(engine: EngineName, { docker, namespaces, kernel }: MachineFacts) {
  const found = namespaces?.tc ?? null;
  if (found === null) return null;
  if (engine === "local") return ordinary(found);
  // Containers on this machine's kernel; its tools are not theirs.
  if (docker.kernel !== kernel || found.iproute2 === "") return null;
  return ordinary({ ...found, seeds: found.works && knowsSeeds(kernel) });
}

function ordinary(facts: TcFacts) {
  return chooseDriver({ script: false, seed: "drawn" }, { wish: "auto", facts }).report;
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
  findings.push(tun(facts, namespaces), ...netem(namespaces.tc), congestion(namespaces));
  return findings;
}

/** What is missing with `tc`, scripts alone miss. */
function tun(facts: MachineFacts, namespaces: NamespaceFacts): Finding {
  const finding = tunAlone(facts, namespaces);
  if (finding.state === "ok" || namespaces.tc === null) return finding;
  if (ordinary(namespaces.tc).driver === "tun") return finding;
  return { ...finding, state: "note", found: `${finding.found}; only scripts need it here` };
}

function tunAlone(facts: MachineFacts, namespaces: NamespaceFacts): Finding {
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

function netem(tc: TcFacts | null): Finding[] {
  if (tc === null) return [];
  const topic = "netem";
  if (!tc.works) return [{ topic, state: "note", found: `${tc.reason}; tun does` }];
  if (!tc.seeds) return [{ topic, state: "note", found: `${seedReason(tc)}; tun does` }];
  return [{ topic, state: "ok", found: `kernel ${tc.kernel}, iproute2 ${tc.iproute2}` }];
}

function congestion({ congestion }: NamespaceFacts): Finding {
  const topic = "TCP";
  const list = congestion.join(", ") || "none known";
  return congestion.includes("reno")
    ? { topic, state: "ok", found: `reno (of ${list})` }
    : { topic, state: "note", found: `no reno (${list}): loss may look milder than it is` };
}
