/** What the tests need of a machine, and how a Debian machine gets it. Pure. */

/** Commands that tests run, with the Debian package that holds each. */
export const NEEDS: Readonly<Record<string, string>> = {
  bash: "bash",
  busybox: "busybox",
  git: "git",
  ip: "iproute2",
  mount: "mount",
  nsenter: "util-linux",
  ping: "iputils-ping",
  python3: "python3",
  setpriv: "util-linux",
  socat: "socat",
  ss: "iproute2",
  tc: "iproute2",
  tcpdump: "tcpdump",
  tmux: "tmux",
  unshare: "util-linux",
};

/** What to do about the commands that are missing. */
export interface Plan {
  /** What the user reads; empty where nothing is missing. */
  notice: string;
  /** Command lines to run in turn; empty where that is not ours to do. */
  commands: string[][];
}

/** Returns the plan: install as root where there is apt-get, else say what is skipped and why. */
export function installPlan(
  missing: readonly string[],
  machine: { root: boolean; apt: boolean },
): Plan {
  if (missing.length === 0) return { notice: "", commands: [] };
  const packages = [...new Set(missing.map((name) => NEEDS[name] ?? name))].sort();
  if (machine.root && machine.apt) {
    return {
      notice: `installing ${packages.join(", ")} with apt-get, for ${missing.join(", ")}`,
      commands: [
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-q", "-y", "--no-install-recommends", ...packages],
      ],
    };
  }
  const how = machine.apt
    ? `sudo apt-get install ${packages.join(" ")}`
    : `install ${packages.join(", ")}`;
  return {
    notice: `no ${missing.join(", ")} here, so tests that need them are skipped: ${how}`,
    commands: [],
  };
}
