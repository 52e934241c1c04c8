/** The trials inside fresh namespaces, as one shell script, and the reading of its answer. Pure. */
import type { TcFacts } from "../link/mod.ts";
import type { NamespaceFacts, Trial } from "./machine_facts.ts";

/**
 * The script: each trial writes `NAME ok`, or `NAME no` and the tool's first line of complaint. A
 * missing tool is a trial that fails in the shell's words. Its arguments are the command that looks for the kernel's netem.
 */
export const PROBE_SCRIPT = `
try() {
  name=$1; shift
  if said=$("$@" 2>&1); then echo "$name ok"; else echo "$name no $(echo "$said" | head -n 1)"; fi
}
echo "entered ok"
try veth ip link add name lab0 type veth peer name lab1
try bridge ip link add name lab2 type bridge
try tun ip tuntap add dev lab3 mode tun
echo "congestion $(cat /proc/sys/net/ipv4/tcp_allowed_congestion_control 2>/dev/null)"
echo "tc $("$@" 2>/dev/null)"
`;

/** Reads what {@link PROBE_SCRIPT} wrote; undefined where it did not begin. */
export function readProbe(
  stdout: string,
): Omit<NamespaceFacts, "as" | "reason"> | undefined {
  const answers = new Map<string, string>();
  for (const line of stdout.split("\n")) {
    const space = line.indexOf(" ");
    if (space > 0) answers.set(line.slice(0, space), line.slice(space + 1));
  }
  if (answers.get("entered") !== "ok") return undefined;
  const trial = (name: string): Trial => {
    const answer = answers.get(name);
    if (answer === "ok") return { works: true };
    return { works: false, reason: answer?.replace(/^no ?/, "").trim() || "it was not answered" };
  };
  return {
    veth: trial("veth"),
    bridge: trial("bridge"),
    tun: trial("tun"),
    tc: tcFacts(answers.get("tc") ?? ""),
    congestion: (answers.get("congestion") ?? "").split(" ").filter(Boolean),
  };
}

function tcFacts(line: string): TcFacts | null {
  try {
    return JSON.parse(line) as TcFacts;
  } catch {
    return null;
  }
}
