/**
 * The kernel's netem in both directions of an interface: set, changed, switched, and taken away again.
 */
import type { Profile } from "../../netem/mod.ts";
import type { LinkInterface } from "../routes.ts";
import type { TapEnd } from "./names.ts";
import type { TcFacts } from "./probe.ts";

/** A way of packets. */
export type Way = "up" | "down";

/** Which chain each direction's packets take, at first 0; a direction's epochs take turns. */
export interface Chains {
  readonly up: TapEnd;
  readonly down: TapEnd;
}

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

/** The two qdiscs of the server's network namespace. */
export class KernelNetem implements AsyncDisposable {
  /** Interfaces to watch, by index, of both chains: behind the queues, and before them. */
  readonly watched: Watched;

  private constructor(watched: Watched) {
    this.watched = watched;
  }

  /**
   * Leads the lab's packets through the queues; a perfect wire at first, by the chains 0.
   *
   * @throws {Error} Where the kernel or tc refuse, in their words.
   */
  static open(_on: LinkInterface, _facts: TcFacts): Promise<KernelNetem> {
    return Promise.reject(new Error("Not written yet"));
  }

  /** A fresh netem for both directions; what the old ones held is dropped. Fails before the switch, or not at all. */
  begin(_profiles: { up: Profile; down: Profile }, _ready: Ready): Promise<void> {
    return Promise.reject(new Error("Not written yet"));
  }

  /** Which chains packets take now. */
  get chains(): Chains {
    return { up: 0, down: 0 };
  }

  /**
   * Changes a direction in place, its queue and (without a seed) its random numbers kept.
   *
   * Where the kernel cannot take something back in place (a distribution), the direction's next packets get a fresh
   * netem while the old one runs dry: `ready` is awaited as for `begin`, but `way` alone switches.
   */
  change(_way: Way, _profile: Profile, _ready: Ready): Promise<"kept" | "fresh"> {
    return Promise.reject(new Error("Not written yet"));
  }

  /** Drops what is queued: the profiles in force, afresh. */
  flush(_ready: Ready): Promise<void> {
    return Promise.reject(new Error("Not written yet"));
  }

  /** Packets that wait, of all epochs. */
  backlog(): Promise<{ up: number; down: number }> {
    return Promise.reject(new Error("Not written yet"));
  }

  /** Takes everything away: packets pass as if the link were not there. */
  async [Symbol.asyncDispose](): Promise<void> {}
}
