/**
 * The kernel's netem in both directions of an interface: set, changed, switched, and taken away again.
 */
import type { Profile } from "../../netem/mod.ts";
import type { LinkInterface } from "../routes.ts";
import type { TapEnd } from "./names.ts";
import type { TcFacts } from "./probe.ts";

/** A way of packets. */
export type Way = "up" | "down";

/**
 * Awaited right before a switch: from then on, packets are shown on this end of the taps' cable, of both directions.
 * Those before were shown on the other end, every one of them.
 */
export type Ready = (tap: TapEnd) => Promise<void>;

/** The two qdiscs of the server's network namespace. */
export class KernelNetem implements AsyncDisposable {
  /** Interfaces to watch, by index: behind the queues, and before them. */
  readonly watched: { up: number; down: number; taps: readonly [number, number] };

  private constructor(watched: KernelNetem["watched"]) {
    this.watched = watched;
  }

  /**
   * Leads the lab's packets through the queues; a perfect wire at first, shown on end 0.
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

  /**
   * Changes a direction in place, its queue and (without a seed) its random numbers kept.
   *
   * Where the kernel cannot take something back in place (a distribution), the direction's next packets get a fresh
   * netem while the old one runs dry: `ready` is awaited and the taps' end switches, for both directions; the other
   * direction goes on as it was.
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
