/**
 * Which driver a run takes, and why: pure. What people read about it is worded here, for the link, the runs and the
 * doctor alike.
 */
import type { TcFacts } from "./tc/probe.ts";

/** The link's drivers. */
export type DriverName = "tc" | "tun";

/** What a link, or a run, may be told to take. */
export type DriverWish = "auto" | DriverName;

/** What a run asks of its driver. */
export interface DriverNeeds {
  /** Whether it names packets. */
  script: boolean;
  /** Whether its random numbers start from a seed, and who said so: `drawn` seeds can be done without. */
  seed: "none" | "drawn" | "written";
}

/** A driver with what is to be said of it. */
export interface DriverReport {
  driver: DriverName;
  /** Of `tc`: the kernel whose netem it is. */
  kernel?: string;
  /** Of `tc`: the version of the tools that set it. */
  iproute2?: string;
  /** Why it is this one and no other, or what it cannot do, in a clause; absent where there is nothing to say. */
  why?: string;
}

/** What is to be done about a run. */
export interface DriverChoice {
  report: DriverReport;
  /** Whether its seeds are to be left away: the driver could not follow them. */
  unseeded: boolean;
}

/** What was asked for cannot be had, and another request could: the caller's matter, not the machine's. */
export class RefusedError extends Error {
  override name = "RefusedError";
}

/** The machine has nothing that the driver could be made of. */
export class LackingError extends Error {
  override name = "LackingError";
}

const kernelFollowsNone = "the kernel's netem follows no script";
const pinnedToTc =
  `Start the lab with --driver auto or tun for a script: its link was started with --driver tc, and ${kernelFollowsNone}`;

/**
 * Chooses the driver of a run.
 *
 * @param wish What the link was started with.
 * @param facts What was found of the kernel's netem; null where nobody looked, for the link is to take `tun`.
 * @param asked What the run itself asks for; absent where it takes what comes.
 * @throws {RefusedError} Where the request contradicts itself or the link.
 * @throws {Error} Where the machine lacks what is asked for.
 */
export function chooseDriver(
  needs: DriverNeeds,
  { wish, facts, asked }: { wish: DriverWish; facts: TcFacts | null; asked?: DriverName },
): DriverChoice {
  if (asked !== undefined && wish !== "auto" && asked !== wish) {
    throw new RefusedError(
      `Start the lab with --driver ${asked}, or auto: its link was started with --driver ${wish}`,
    );
  }
  const told = asked ?? (wish === "auto" ? undefined : wish);
  if (told === "tun") return { report: { driver: "tun" }, unseeded: false };
  if (told === undefined || facts === null) {
    const against = reasonForTun(needs, facts);
    return against === null
      ? { report: reportTc(facts!), unseeded: false }
      : { report: { driver: "tun", why: against }, unseeded: false };
  }
  if (needs.script) {
    throw new RefusedError(
      wish === "auto" ? `Leave out --driver tc: ${kernelFollowsNone}, tun does` : pinnedToTc,
    );
  }
  if (!facts.works) throw new Error(tcRefusal(facts));
  if (facts.seeds || needs.seed === "none") return { report: reportTc(facts), unseeded: false };
  if (needs.seed === "written") throw new RefusedError(refusedSeed(facts));
  return {
    report: { ...reportTc(facts), why: `not to be repeated: ${seedReason(facts)}` },
    unseeded: true,
  };
}

function refusedSeed(facts: TcFacts): string {
  return `Use --driver tun, or leave out the seed: ${seedReason(facts)}`;
}

/**
 * Checks what a run under way on `tc` is to do besides.
 *
 * @throws {RefusedError} Where the kernel's netem cannot: no run changes its driver.
 */
export function checkChange(
  needs: DriverNeeds,
  { wish, facts }: { wish: DriverWish; facts: TcFacts },
): void {
  if (needs.script) {
    throw new RefusedError(
      wish === "tc"
        ? pinnedToTc
        : `Begin a run with the script (./lab run with --script), which takes tun: the one under way has tc, and ${kernelFollowsNone}`,
    );
  }
  if (needs.seed !== "none" && !facts.seeds) throw new RefusedError(refusedSeed(facts));
}

/** Why a run takes `tun` where it may take either; null where nothing speaks against `tc`. */
function reasonForTun(needs: DriverNeeds, facts: TcFacts | null): string | null {
  if (facts === null || !facts.works) return facts?.reason ?? "";
  if (needs.script) return kernelFollowsNone;
  return needs.seed !== "none" && !facts.seeds ? seedReason(facts) : null;
}

function reportTc({ kernel, iproute2 }: TcFacts): DriverReport {
  return { driver: "tc", kernel, iproute2 };
}

/** Why seeds have no effect, where the kernel's netem works: in a clause. */
export function seedReason({ kernel, iproute2 }: TcFacts): string {
  return !knowsSeeds(iproute2)
    ? `tc of iproute2 ${iproute2} knows no seeds, 6.6 or later does`
    : `the netem of kernel ${short(kernel)} ignores seeds, 6.6 or later takes them`;
}

/** A kernel's release without what its builder has put behind the version: `6.12.107` of `6.12.107+deb13-amd64`. */
function short(release: string): string {
  return /^\d+(?:\.\d+)*/.exec(release)?.[0] ?? release;
}

/** Whether a version, of the kernel or of iproute2, is one that knows seeds. */
export function knowsSeeds(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map((part) => Number.parseInt(part));
  return major > 6 || (major === 6 && minor >= 6);
}

/** Why `--driver tc` cannot be, with what to do, where the kernel's netem does not work. */
export function tcRefusal({ reason }: TcFacts): string {
  return `${remedy(reason)}${otherwise}${reason}`;
}

/** What to do, by the words of the probe. */
function remedy(reason: string): string {
  const [, part] = /^this kernel has no (\w+)$/.exec(reason) ?? [];
  const module = part && (modules[part] ?? `sch_${part}`);
  if (module) return `Load the kernel's module ${module} (sudo modprobe ${module})`;
  return /\bNET_ADMIN\b/.test(reason)
    ? "Give the link the capabilities NET_ADMIN and NET_RAW"
    : "Install iproute2 with its tc";
}

/** The module that has a part of the kernel's traffic control, where it is not the part's name behind `sch_`. */
const modules: Partial<Record<string, string>> = {
  ifb: "ifb",
  clsact: "sch_ingress",
  matchall: "cls_matchall",
  bpf: "cls_bpf",
  mirred: "act_mirred",
  skbedit: "act_skbedit",
};

const otherwise = ", or use --driver tun: ";

/** Whether a link that was to take `tc` said in these words why it could not. */
export function isTcRefusal(words: string): boolean {
  return words.includes(otherwise);
}

/** Returns a driver in a few words: `driver tc (kernel 6.12.107, iproute2 6.15.0)`. */
export function driverText({ driver, kernel, iproute2, why }: DriverReport): string {
  const versions = [kernel && `kernel ${short(kernel)}`, iproute2 && `iproute2 ${iproute2}`];
  const all = [versions.filter(Boolean).join(", "), why].filter(Boolean).join("; ");
  return `driver ${driver}${all === "" ? "" : ` (${all})`}`;
}
