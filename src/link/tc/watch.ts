/**
 * Both directions over the link's whole life: which netem a packet met, and what a run is told of it. Pure.
 *
 * Before a netem gives way to a fresh one, the watch is told on which tap the packets of the fresh one will be seen
 * ({@linkcode Watch.ready}); the first that is seen there begins it, whenever that may be. Copies of the old one's packets
 * may still come until {@linkcode Watch.done}.
 */
import { type DistributionTables, Netem, type Profile } from "../../netem/mod.ts";
import type { LinkCounts } from "../../packet/mod.ts";
import { isForetold } from "./bounds.ts";
import { causeEnd, Follower } from "./follower.ts";
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
  /** A run begins: called before any of its packets is told. */
  onBegin: () => void;
}

interface Way {
  setting: WatchedSetting;
  current: Follower;
  /** The one that the next tap begins. */
  next: Follower | null;
  /** Those whose netems give way or run dry, oldest first. */
  old: Follower[];
}

/** Follows both directions. */
export class Watch {
  readonly #options: WatchOptions;
  readonly #pool: PacketPool;
  readonly #ways: [Way, Way];
  #turn: Turn | null = null;
  #tap = 0;
  #begun = false;
  #ended: WatchCounts | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#pool = new PacketPool(options.mostBytes);
    const perfect = (): Way => {
      const setting = { profile: { limit: 1000, ecn: false } };
      return { setting, current: this.#fresh(setting, new Tally(), silence), next: null, old: [] };
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
    return this.#ways.reduce(
      (sum, { current, old }) => old.reduce((all, one) => all + one.open, sum + current.open),
      0,
    );
  }

  /**
   * Fresh netems are about to take over.
   *
   * @param tap Where their packets will be seen.
   * @param settings Of the directions that are given; a flush takes those in force.
   */
  ready(turn: Turn, tap: number, settings: [WatchedSetting?, WatchedSetting?] = []): void {
    this.#turn = turn;
    this.#tap = tap;
    this.#begun = false;
    this.#ways.forEach((way, direction) => {
      const setting = settings[direction] ?? (turn === "flush" ? way.setting : null);
      if (setting === null) return;
      way.setting = setting;
      const tally = turn === "change" ? way.current.tally : new Tally();
      const sink = turn === "begin"
        ? this.#options.sinks[direction]!
        : turn === "change"
        ? way.current.sink
        : silence;
      way.next = this.#fresh(setting, tally, sink);
    });
    if (turn !== "begin") return;
    // What is on its way still belongs to no run.
    for (const { current, old } of this.#ways) {
      current.sink = silence;
      old.forEach((one) => one.sink = silence);
    }
  }

  /** They have taken over. */
  done(now: number): void {
    const turn = this.#turn;
    this.#turn = null;
    for (const way of this.#ways) this.#switch(way, turn);
    if (turn === "change") return;
    const tallies = this.#ways.map(({ old, current }) => old.at(-1)?.tally ?? current.tally);
    for (const way of this.#ways) {
      way.old.forEach((one) => one.drop(now, causeEnd));
      way.old = [];
    }
    if (turn !== "flush") return;
    this.#ended = sum(tallies);
    this.#ways.forEach(({ current }, direction) => current.tally.add(tallies[direction]!));
  }

  /** They will not. */
  abandon(): void {
    this.#turn = null;
    for (const way of this.#ways) way.next = null;
  }

  #switch(way: Way, turn: Turn | null): void {
    if (way.next === null) return;
    if (turn === "begin" && !this.#begun) {
      this.#begun = true;
      this.#options.onBegin();
    }
    way.old.push(way.current);
    way.current = way.next;
    way.next = null;
  }

  /** A profile was changed in place. */
  change(direction: number, setting: WatchedSetting): void {
    const way = this.#ways[direction]!, { profile, tables } = setting;
    way.setting = setting;
    // Without a seed, the numbers go on.
    const told = isForetold({ ...profile, seed: profile.seed ?? 0n }, this.#options.seeds);
    const change = (model: Netem) => model.change(profile, { ...tables && { tables } });
    way.current.change(profile, told ? change : null);
  }

  /** A packet was seen before a queue, on one of the taps. */
  came(direction: number, tap: number, frame: SeenFrame, hash: number): void {
    const way = this.#ways[direction]!;
    if (way.next !== null && tap === this.#tap) this.#switch(way, this.#turn);
    way.current.came(frame, hash);
  }

  /** A copy was seen behind a queue. */
  left(direction: number, frame: SeenFrame, hash: number): void {
    const { old, current } = this.#ways[direction]!;
    for (const one of old) if (one.leftWhole(frame, hash)) return;
    if (current.leftWhole(frame, hash)) return;
    for (const one of old) if (one.leftDamaged(frame)) return;
    if (current.leftDamaged(frame)) return;
    current.tally.unplaced++;
    current.distrust();
  }

  /** Records of the taps were lost: nobody knows which. */
  distrust(): void {
    for (const { current, old } of this.#ways) [...old, current].forEach((one) => one.distrust());
  }

  /** Time has passed, and all that was seen before `now` is known. */
  tick(now: number): void {
    for (const way of this.#ways) {
      way.current.tick(now);
      if (way.old.length === 0) continue;
      way.old.forEach((one) => one.tick(now));
      // Those that give way are dropped by `done`; others have run dry once nothing of theirs is open.
      if (this.#turn === null) way.old = way.old.filter((one) => one.open > 0);
    }
  }

  /** What was counted: at the end of a run, once, what it was. */
  counted(): WatchCounts {
    const ended = this.#ended;
    this.#ended = null;
    return ended ?? sum(this.#ways.map(({ current }) => current.tally));
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
