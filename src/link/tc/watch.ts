/**
 * Both directions over the link's whole life: which netem a packet met, and what a run is told of it. Pure.
 *
 * A direction has two chains, each with a netem; one is in force, and the other is got ready for the next epoch or runs
 * dry. The watch is told before a fresh netem takes over ({@linkcode Watch.ready}), and after ({@linkcode Watch.done}); at
 * which packet it did so is seen.
 */
import { type DistributionTables, Netem, perfectWire, type Profile } from "../../netem/mod.ts";
import type { LinkCounts } from "../../packet/mod.ts";
import { RecordCause } from "../ring.ts";
import { isForetold } from "./bounds.ts";
import { Follower } from "./follower.ts";
import { PacketPool } from "./pending.ts";
import type { SeenFrame } from "./seen_frame.ts";
import { type FateSink, silence, Tally } from "./tally.ts";

/** A direction's profile, with the table that only a file has. */
export interface WatchedSetting {
  profile: Profile;
  tables?: DistributionTables;
}

/** Why a fresh netem takes over: a run begins, one ends, or a profile cannot be changed in place. */
export type Turn = "begin" | "flush" | "change";

/** What is counted of both directions. */
export interface WatchCounts {
  counts: [up: LinkCounts, down: LinkCounts];
  queued: [up: number, down: number];
  /** Copies and packets that the record lacks. */
  unplaced: number;
  followed: boolean;
}

/** What a watch is made with. */
export interface WatchOptions {
  /** Whether the kernel takes seeds. */
  seeds: boolean;
  /** Bytes of the largest frame. */
  mostBytes: number;
  sinks: readonly [up: FateSink, down: FateSink];
  /** A run begins, at this time: called before any of its packets is told. */
  onBegin: (now: number) => void;
}

interface Way {
  setting: WatchedSetting;
  /** Of chain 0 and chain 1. */
  followers: [Follower, Follower];
  /** The chain in force. */
  chain: number;
  /** The one that takes over; the same where none does. */
  next: number;
  /** The one that was in force when `next` was got ready, and its setting. */
  before: number;
  settingBefore: WatchedSetting;
}

/** Follows both directions. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #pool: PacketPool;
  readonly #ways: [Way, Way];
  #turn: Turn | null = null;
  #begun = false;
  #ended: WatchCounts | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#pool = new PacketPool(options.mostBytes);
    const perfect = (): Way => {
      const setting = { profile: perfectWire() };
      const follower = () => this.#fresh(setting, new Tally(), silence);
      const followers: Way["followers"] = [follower(), follower()];
      return { setting, followers, chain: 0, next: 0, before: 0, settingBefore: setting };
    };
    this.#ways = [perfect(), perfect()];
  }

  #fresh({ profile, tables }: WatchedSetting, tally: Tally, sink: FateSink): Follower {
    const { seeds, mostBytes } = this.#options;
    const model = isForetold(profile, seeds)
      ? new Netem(profile, { ...tables && { tables } })
      : null;
    return new Follower({ profile, model, tally, sink, pool: this.#pool, mostBytes });
  }

  /** Packets whose fate is open. */
  get open(): number {
    return this.#ways.reduce((sum, { followers: [a, b] }) => sum + a.open + b.open, 0);
  }

  /**
   * Fresh netems are about to take over.
   *
   * @param chains Those that packets will take; what else they held is gone.
   * @param settings Of the directions that are given; a flush takes those in force.
   */
  ready(
    turn: Turn,
    chains: readonly [up: number, down: number],
    settings: readonly [up?: WatchedSetting, down?: WatchedSetting],
    now: number,
  ): void {
    this.#turn = turn;
    this.#begun = false;
    this.#ways.forEach((way, direction) => {
      if (turn === "begin") way.followers.forEach((one) => one.sink = silence);
      const next = chains[direction]!;
      way.before = way.chain;
      way.settingBefore = way.setting;
      if (next === way.chain) return;
      way.setting = settings[direction] ?? way.setting;
      const { tally, sink } = way.followers[way.chain]!;
      way.followers[next]!.drop(now, RecordCause.end);
      way.followers[next] = turn === "change" ? this.#fresh(way.setting, tally, sink) : this.#fresh(
        way.setting,
        new Tally(),
        turn === "begin" ? this.#options.sinks[direction]! : silence,
      );
      way.next = next;
    });
  }

  /** They have taken over; those before them hold nothing any more, but for a change. */
  done(now: number): void {
    const turn = this.#turn;
    this.#turn = null;
    const old = this.#ways.map(({ followers, before }) => followers[before]!);
    for (const way of this.#ways) this.#switch(way, turn, now);
    if (turn === null || turn === "change") return;
    old.forEach((one) => one.drop(now, RecordCause.end));
    if (turn === "begin") return;
    this.#ended = sum(old.map(({ tally }) => tally));
    this.#current.forEach(({ tally }, i) => tally.add(old[i]!.tally));
  }

  /** They have not, or packets are led back to those before them. */
  abandon(): void {
    const turn = this.#turn;
    if (turn === null) return;
    this.#turn = null;
    this.#ways.forEach((way, direction) => {
      way.chain = way.next = way.before;
      way.setting = way.settingBefore;
      if (turn === "begin") way.followers[way.chain]!.sink = this.#options.sinks[direction]!;
    });
  }

  get #current(): Follower[] {
    return this.#ways.map(({ followers, chain }) => followers[chain]!);
  }

  #switch(way: Way, turn: Turn | null, now: number): void {
    if (turn === "begin" && !this.#begun) {
      this.#begun = true;
      this.#options.onBegin(now);
    }
    way.chain = way.next;
  }

  /** A profile was changed in place. */
  change(direction: number, setting: WatchedSetting): void {
    const way = this.#ways[direction]!, { profile, tables } = setting;
    way.setting = setting;
    // Without a seed, the numbers go on.
    const told = isForetold({ ...profile, seed: profile.seed ?? 0n }, this.#options.seeds);
    const change = (model: Netem) => model.change(profile, { ...tables && { tables } });
    way.followers[way.chain]!.change(profile, told ? change : null);
  }

  /** A packet was seen before the queue of a chain. */
  came(direction: number, chain: number, frame: SeenFrame, hash: number): void {
    const way = this.#ways[direction]!;
    if (chain !== way.chain && chain === way.next) this.#switch(way, this.#turn, frame.time);
    way.followers[chain]!.came(frame, hash);
  }

  /** A copy was seen behind the queue of a chain. */
  left(direction: number, chain: number, frame: SeenFrame, hash: number): void {
    const follower = this.#ways[direction]!.followers[chain]!;
    if (follower.leftWhole(frame, hash) || follower.leftDamaged(frame)) return;
    follower.tally.unplaced++;
    follower.distrust();
  }

  /** Records of the taps were lost: nobody knows which. */
  distrust(): void {
    for (const { followers } of this.#ways) followers.forEach((one) => one.distrust());
  }

  /** Time has passed, and all that was seen before `now` is known. */
  tick(now: number): void {
    for (const { followers } of this.#ways) followers.forEach((one) => one.tick(now));
  }

  /** What was counted: at the end of a run, once, what it was. */
  counted(): WatchCounts {
    const ended = this.#ended;
    this.#ended = null;
    return ended ?? sum(this.#current.map(({ tally }) => tally));
  }
}

function sum(tallies: readonly Tally[]): WatchCounts {
  const [up, down] = tallies as [Tally, Tally];
  return {
    counts: [up.counts(), down.counts()],
    queued: [up.queued, down.queued],
    unplaced: up.unplaced + down.unplaced,
    followed: up.followed && down.followed,
  };
}
