/**
 * Whether this machine's kernel and tc can do what the tc driver asks of them: tried out, for a list of versions would
 * not know of kernels that were built without this or that.
 */
import { tool } from "../machine.ts";
import { batch, batchAnyway, BatchError } from "./batch.ts";
import { netemOf, readListing } from "./read_back.ts";

/** What was found. */
export interface TcFacts {
  /** Whether a qdisc `netem` can be set and read back, with all that leads packets to it. */
  works: boolean;
  /** Whether its random numbers start where a seed says. */
  seeds: boolean;
  /** Whether tc takes times to the nanosecond; tc 6.1 cuts delay and jitter to whole microseconds, and a bit less. */
  nanoseconds: boolean;
  /** The kernel's release, such as `6.12.30`. */
  kernel: string;
  /** iproute2's version, such as `6.15.0`; empty where it is not installed. */
  iproute2: string;
  /** Why it does not work, in a clause such as "this kernel has no netem"; empty where it works. */
  reason: string;
}

/** A seed that no chance would hit. */
const seed = "12345678901234567890";

/**
 * Tries everything out in this network namespace, with a device that is taken away again. Modules are loaded by the
 * kernel as they are asked for, where it has them.
 */
export async function probeTc(): Promise<TcFacts> {
  const facts: TcFacts = {
    works: false,
    seeds: false,
    nanoseconds: false,
    kernel: Deno.osRelease(),
    iproute2: "",
    reason: "",
  };
  try {
    const [version, netem] = await Promise.allSettled([
      tool("tc", ["-V"]),
      // What kernels lack, on the device that is always there: making one and taking it away costs 60 ms.
      batch("tc", [
        "qdisc replace dev lo root handle 9: netem delay 0.1us",
        "qdisc del dev lo root",
      ]),
    ]);
    if (version.status === "rejected") throw version.reason;
    facts.iproute2 = /iproute2-(?:ss)?([\w.]+)/.exec(version.value)?.[1] ?? version.value.trim();
    if (netem.status === "rejected") throw netem.reason;
    return { ...facts, works: true, ...await tryOnDevice() };
  } catch (error) {
    return { ...facts, reason: reasonOf(error) };
  }
}

async function tryOnDevice(): Promise<Pick<TcFacts, "seeds" | "nanoseconds">> {
  // Another link that tries in this namespace must not be in the way.
  const device = `try${crypto.randomUUID().slice(0, 8)}`;
  await loadIfb();
  try {
    await batch("ip", [`link add ${device} type ifb`, `link set ${device} up`]);
    return await tryAll(device);
  } finally {
    await batchAnyway("ip", [`link del ${device}`]);
  }
}

async function tryAll(device: string): Promise<Pick<TcFacts, "seeds" | "nanoseconds">> {
  await batch("tc", trialLines(device));
  const at = `dev ${device} parent 10:1 handle 30: netem`;
  let seeds = true;
  try {
    await batch("tc", [`qdisc replace ${at} delay 0.1us seed ${seed}`]);
  } catch (error) {
    // tc before 6.6 does not know the word.
    if (!(error instanceof BatchError && /"seed"/.test(error.words))) throw error;
    seeds = false;
  }
  const options = netemOf(readListing(await tool("tc", ["-json", "qdisc", "show"])), device)
    ?.options;
  if (options === undefined) throw new Error("Install iproute2 anew: tc lists no netem");
  return {
    // A kernel before 6.6 passes it over in silence.
    seeds: seeds && options.seed === seed,
    nanoseconds: (options.delay as { delay?: number } | undefined)?.delay === 1e-7,
  };
}

/**
 * Left to the kernel, the module brings two devices of its own into the first namespace, which nobody asked for. Where
 * modules are not ours to load, in a container, the kernel does it after all.
 */
async function loadIfb(): Promise<void> {
  try {
    Deno.statSync("/sys/module/ifb");
  } catch {
    await tool("modprobe", ["--quiet", "ifb", "numifbs=0"]).catch(() => {});
  }
}

/** One after the other, what the driver does. */
function trialLines(device: string): string[] {
  const at = `dev ${device}`;
  return [
    `qdisc add ${at} root handle 1: tbf rate 100tbit burst 1518 limit 100mb`,
    `qdisc add ${at} parent 1:1 handle 10: prio bands 2 priomap${" 1".repeat(16)}`,
    `filter add ${at} parent 10: protocol all pref 1 matchall classid 10:1 action ok`,
    `filter add ${at} parent 10: protocol all pref 2 matchall action skbedit priority 10:1`,
    `filter add ${at} parent 10: protocol all pref 3 matchall action mirred egress mirror dev ${device}`,
    `qdisc replace ${at} parent 10:1 handle 20: blackhole`,
    `qdisc replace ${at} parent 10:1 handle 30: netem delay 0.1us`,
    `qdisc add ${at} clsact`,
    `filter add ${at} ingress protocol all pref 1 bpf bytecode "1,6 0 0 0" action ok`,
  ];
}

/** What of a line a kernel may lack. */
const parts = [
  "mirred",
  "skbedit",
  "bpf",
  "matchall",
  "ifb",
  "netem",
  "tbf",
  "prio",
  "blackhole",
  "clsact",
];

/** Why it does not work, in a clause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Deno.errors.NotFound) return "tc is not installed (iproute2)";
  if (!(error instanceof BatchError)) return error.message;
  const { line, words } = error;
  if (/not permitted/.test(words)) return "the link lacks the capability NET_ADMIN";
  const part = parts.find((name) => line.split(" ").includes(name)) ?? "traffic control";
  return /is unknown|not found|[Ff]ailed to load|Unknown device type|not supported|No such file/
      .test(words)
    ? `this kernel has no ${part}`
    : `tc refuses ${part}: ${words}`;
}
