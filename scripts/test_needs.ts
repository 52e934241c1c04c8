/** What the tests need of a machine, and how a Debian machine gets it. Pure. */

/** Commands that tests run, with the Debian package that holds each. */
export const NEEDS: Readonly<Record<string, string>> = {
  bash: "bash",
  busybox: "busybox",
  "cmark-gfm": "cmark-gfm",
  git: "git",
  ip: "iproute2",
  mount: "mount",
  ncat: "ncat",
  nsenter: "util-linux",
  ping: "iputils-ping",
  python3: "python3",
  setpriv: "util-linux",
  setsid: "util-linux",
  socat: "socat",
  ss: "iproute2",
  sysctl: "procps",
  tc: "iproute2",
  tcpdump: "tcpdump",
  tmux: "tmux",
  unshare: "util-linux",
  xinetd: "xinetd",
  xmllint: "libxml2-utils",
};

/** Something that a machine lacks. */
export interface Lack {
  /** As the user knows it: a command, "a Docker engine". */
  name: string;
  /** The Debian packages that bring it; empty where none do. */
  packages: readonly string[];
}

/** What to do about what is missing. */
export interface Plan {
  /** What the user reads; empty where nothing is missing. */
  notice: string;
  /** Command lines to run in turn; empty where that is not ours to do. */
  commands: string[][];
}

/** Returns which of NEEDS' commands a machine lacks. */
export function missingCommands(isCommand: (name: string) => boolean): Lack[] {
  return Object.entries(NEEDS).filter(([name]) => !isCommand(name))
    .map(([name, holder]) => ({ name, packages: [holder] }));
}

/** Returns the plan: install as root where there is apt-get, else say what is skipped and why. */
export function installPlan(
  missing: readonly Lack[],
  machine: { root: boolean; apt: boolean },
): Plan {
  if (missing.length === 0) return { notice: "", commands: [] };
  const names = missing.map(({ name }) => name).join(", ");
  const packages = [...new Set(missing.flatMap(({ packages }) => packages))].sort();
  if (machine.root && machine.apt && packages.length > 0) {
    return {
      notice: `installing ${packages.join(", ")} with apt-get, for ${names}`,
      commands: [
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", ...packages],
      ],
    };
  }
  const bare = missing.filter(({ packages }) => packages.length === 0).map(({ name }) => name);
  const how = [
    ...packages.length > 0 && machine.apt ? [`sudo apt-get install ${packages.join(" ")}`] : [],
    ...packages.length > 0 && !machine.apt ? [`install ${packages.join(", ")}`] : [],
    ...bare.map((name) => `install ${name}`),
  ];
  return {
    notice: `no ${names} here, so tests that need them are skipped: ${how.join("; ")}`,
    commands: [],
  };
}
