/**
 * The kernel's netem in both directions of an interface: set, changed, switched, and taken away again.
 */
import { perfectWire, type Profile } from "../../netem/mod.ts";
import { AdvisedError } from "../advised_error.ts";
import { tool } from "../machine.ts";
import type { LinkInterface } from "../routes.ts";
import { batch, batchAnyway, BatchError } from "./batch.ts";
import { type Chains, queueDevices, tapDevices, type Way, ways } from "./names.ts";
import { canChange, type Had, had, netemWords } from "./netem_text.ts";
import type { TcFacts } from "./probe.ts";
import { netemDifference, netemOf, readListing } from "./read_back.ts";
import {
  changeLine,
  clearLines,
  deviceLines,
  dropLine,
  leadLines,
  netemLine,
  quietLines,
  switchLines,
  treeLines,
  upLines,
} from "./setup_text.ts";

/**
 * Awaited right before a switch: from then on packets take chains `next`, each direction at a moment of its own. A
 * packet that takes chain n is shown on `watched.taps[n]` before the queue, and on `watched.up[n]` or
 * `watched.down[n]` behind it, and nowhere else.
 */
export type Ready = (next: Chains) => Promise<void>;

/** Interfaces by index, of chain 0 and chain 1. */
export interface Watched {
  /** Behind the queues: packets leave by them (PACKET_OUTGOING) when netem lets them go. */
  up: readonly [number, number];
  down: readonly [number, number];
  /** Before the queues of both directions: packets leave by them (PACKET_OUTGOING) as they come to netem. */
  taps: readonly [number, number];
}

/** What each direction's netem is, and was. */
type Profiles = Readonly<Record<Way, Profile>>;

/** The two qdiscs of the server's network namespace. */
export class KernelNetem implements AsyncDisposable {
  /** Interfaces to watch, by index, of both chains: behind the queues, and before them. */
  readonly watched: Watched;
  readonly #on: LinkInterface;
  readonly #facts: TcFacts;
  /** What the interface's `gso_max_segs` was. */
  readonly #segments: number;
  #chains: Chains = { up: 0, down: 0 };
  #profiles: Profiles;
  #had: Readonly<Record<Way, Had>>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(on: LinkInterface, facts: TcFacts, segments: number, watched: Watched) {
    this.#on = on;
    this.#facts = facts;
    this.#segments = segments;
    this.watched = watched;
    this.#profiles = { up: perfectWire(), down: perfectWire() };
    this.#had = { up: had(perfectWire()), down: had(perfectWire()) };
  }

  /**
   * Leads the lab's packets through the queues; a perfect wire at first, by the chains 0. What a link that was killed
   * has left is cleared away.
   *
   * @throws {Error} Where the kernel or tc refuse, in their words; then nothing is left.
   */
  static async open(on: LinkInterface, facts: TcFacts): Promise<KernelNetem> {
    const segments = await readSegments(on.device);
    await clear(on);
    try {
      await batch("ip", deviceLines());
      await batchAnyway("ip", quietLines());
      await batch("ip", upLines());
      const perfect = netemWords(perfectWire(), facts);
      await batch("tc", [
        ...treeLines(on),
        ...ways.map((way) => netemLine(way, 0, perfect)),
        ...ways.flatMap((way) => leadLines(on, way, 0)),
      ]);
      // So that the server sends no super-packets at all: tbf does not cut those that are no longer than the MTU.
      await batchAnyway("ip", [`link set dev ${on.device} gso_max_segs 1`]);
      return new KernelNetem(on, facts, segments, await readWatched());
    } catch (error) {
      await clear(on);
      await restoreSegments(on, segments);
      throw advise(error, "Take --driver tun on this machine");
    }
  }

  /** Which chains packets take now. */
  get chains(): Chains {
    return this.#chains;
  }

  /**
   * A fresh netem for both directions; what the old ones held is dropped.
   *
   * @throws {Error} Where the kernel or tc refuse, in their words; then what was in force still is.
   */
  begin(profiles: Profiles, ready: Ready): Promise<void> {
    return this.#inTurn(() => this.#refresh(profiles, ways, ready, "drop"));
  }

  /**
   * Changes a direction in place, its queue and (without a seed) its random numbers kept.
   *
   * Where the kernel cannot take something back in place (a distribution, ecn), the direction's next packets get a fresh
   * netem while the old one runs dry: `ready` is awaited as for `begin`, but `way` alone switches. Another such change
   * before the old one is dry drops what is left in it.
   *
   * @throws {Error} Where the kernel or tc refuse, in their words; then what was in force still is.
   */
  change(way: Way, profile: Profile, ready: Ready): Promise<"kept" | "fresh"> {
    return this.#inTurn(async () => {
      if (!canChange(this.#had[way], profile)) {
        await this.#refresh({ ...this.#profiles, [way]: profile }, [way], ready, "leave");
        return "fresh";
      }
      const end = this.#chains[way];
      const say = (one: Profile) => batch("tc", [changeLine(way, end, this.#words(one))]);
      try {
        await say(profile);
        await this.#check({ [way]: profile }, this.#chains);
      } catch (error) {
        // A change that tc refuses leaves netem as it was, but one that is read back wrong has been made.
        if (!(error instanceof BatchError)) await say(this.#profiles[way]).catch(() => {});
        throw advise(error, `Take another profile for ${way}, or --driver tun`);
      }
      this.#had = { ...this.#had, [way]: had(profile, this.#had[way]) };
      this.#profiles = { ...this.#profiles, [way]: profile };
      return "kept";
    });
  }

  /** Drops what is queued: the profiles in force, afresh. */
  flush(ready: Ready): Promise<void> {
    return this.#inTurn(() => this.#refresh(this.#profiles, ways, ready, "drop"));
  }

  /** Takes everything away: packets pass as if the link were not there. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(async () => {
      await clear(this.#on);
      await restoreSegments(this.#on, this.#segments);
    });
  }

  /** Gets the other chains of some directions ready, switches to them, and sees to the old ones. */
  async #refresh(
    profiles: Profiles,
    which: readonly Way[],
    ready: Ready,
    old: "drop" | "leave",
  ): Promise<void> {
    const before = this.#chains, next = { ...before };
    for (const way of which) next[way] = before[way] === 0 ? 1 : 0;
    const switches = which.map((way) => switchLines(this.#on, way, next[way]));
    try {
      await batch("tc", [
        // What an older chain still held is dropped now at the latest.
        ...which.map((way) => dropLine(way, next[way])),
        ...which.map((way) => netemLine(way, next[way], this.#words(profiles[way]))),
        ...switches.flatMap(({ before }) => before),
      ]);
      await this.#check(Object.fromEntries(which.map((way) => [way, profiles[way]])), next);
      await ready(next);
      await batch("tc", switches.flatMap(({ at }) => at));
    } catch (error) {
      await batchAnyway("tc", switches.flatMap(({ undo }) => undo));
      throw advise(error, "Take other profiles, or --driver tun");
    }
    this.#chains = next;
    this.#profiles = profiles;
    this.#had = { ...this.#had };
    for (const way of which) this.#had = { ...this.#had, [way]: had(profiles[way]) };
    // The switch is made; nothing that fails now could take it back.
    if (old === "drop") await batchAnyway("tc", which.map((way) => dropLine(way, before[way])));
  }

  #words(profile: Profile): string {
    return netemWords(profile, this.#facts);
  }

  /** Reads back what was set. */
  async #check(profiles: { [way in Way]?: Profile }, chains: Chains): Promise<void> {
    const listing = readListing(await tool("tc", ["-json", "qdisc", "show"]));
    for (const way of ways) {
      const profile = profiles[way];
      if (profile === undefined) continue;
      const listed = netemOf(listing, queueDevices[way][chains[way]]);
      const difference = netemDifference(profile, listed, this.#facts);
      if (difference !== null) {
        throw new Error(`the kernel has something else for ${way}: ${difference}`);
      }
    }
  }

  /** One thing after the other. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => {});
    return done;
  }
}

/** Takes away what a killed link has left: packets pass as if it had never been there. */
export async function clearQueues(on: LinkInterface): Promise<void> {
  const segments = await readSegments(on.device);
  await clear(on);
  await restoreSegments(on, segments);
}

async function restoreSegments({ device }: LinkInterface, segments: number): Promise<void> {
  await batchAnyway("ip", [`link set dev ${device} gso_max_segs ${segments}`]);
}

async function clear(on: LinkInterface): Promise<void> {
  const { tc, ip } = clearLines(on);
  await batchAnyway("tc", tc);
  await batchAnyway("ip", ip);
}

/** The most segments in a super-packet of the interface; 1 is what a killed link has left, and 65,535 what it found. */
async function readSegments(device: string): Promise<number> {
  const [listed] = JSON.parse(
    await tool("ip", ["-json", "-details", "link", "show", "dev", device]),
  ) as { gso_max_segs?: number }[];
  const segments = listed?.gso_max_segs ?? 1;
  return segments > 1 ? segments : 65_535;
}

async function readWatched(): Promise<Watched> {
  const listing = JSON.parse(await tool("ip", ["-json", "link", "show"])) as {
    ifindex: number;
    ifname: string;
  }[];
  const index = (device: string) => {
    const found = listing.find(({ ifname }) => ifname === device);
    if (found === undefined) throw new Error(`ip lists no ${device}`);
    return found.ifindex;
  };
  const pair = ([a, b]: readonly [string, string]) => [index(a), index(b)] as const;
  return { up: pair(queueDevices.up), down: pair(queueDevices.down), taps: pair(tapDevices) };
}

/** What to do first, then what the tool or the kernel said. */
function advise(error: unknown, advice: string): unknown {
  if (error instanceof BatchError) {
    return new AdvisedError(advice, `${error.words} ('${short(error.line)}')`, { cause: error });
  }
  if (!(error instanceof Error)) return error;
  return new AdvisedError(advice, error.message, { cause: error });
}

/** A line without a filter's program. */
function short(line: string): string {
  return line.replace(/"\d+,[^"]*"/, '"…"');
}
