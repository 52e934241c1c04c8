/**
 * Follows the packets through one netem of the kernel: what came before it and what left behind it, in one causal order,
 * become fates. Pure.
 *
 * What is told is what was seen. The model, run on the packets in the order in which netem draws, says beforehand how many
 * copies will leave, when, and which are damaged: so it settles which of two alike packets it was, and why one was lost.
 * Where what is seen contradicts it, it is not believed any more, and fates are told by what is seen alone: a packet is
 * lost once it can no longer leave.
 */
import { Netem, NetemCause, type Profile } from "../../netem/mod.ts";
import { RecordFlag } from "../ring.ts";
import { boundsOf, type ProfileBounds } from "./bounds.ts";
import { Bit, differingBit } from "./difference.ts";
import { type PacketPool, type PendingPacket, PendingPackets } from "./pending.ts";
import { matchDamaged, matchWhole, nextCopy } from "./pending_match.ts";
import { type SeenFrame, speaksEcn } from "./seen_frame.ts";
import type { FateSink, Tally } from "./tally.ts";

/** Nanoseconds that a tap may see a copy before its time: a tap looks at the clock a little before netem does. */
const early = 1e6;
/** That a copy may leave late: past these, the model is wrong, or the packet lost. */
const late = 1e9;
/** That a packet which the model calls lost is kept open, should it leave after all. */
const doubt = 1e8;
/** Packets that may be open at once, whatever the limit. */
const mostOpen = 65_536;

/** What a follower is given. */
export interface FollowerOptions {
  profile: Profile;
  /** The model, where it can be believed. */
  model: Netem | null;
  pool: PacketPool;
  tally: Tally;
  sink: FateSink;
  /** Bytes of the largest frame. */
  mostBytes: number;
}

/** Follows one direction, through one netem. */
export class Follower {
  /** Who is told: replaced where nobody is to be. */
  sink: FateSink;
  readonly tally: Tally;
  readonly #pending: PendingPackets;
  readonly #mostBytes: number;
  #model: Netem | null;
  #bounds: ProfileBounds;
  #limit: number;
  /** The number of the last packet before the profile was changed, and the bounds that it and those before it had. */
  #changedAt = 0;
  #boundsBefore: ProfileBounds;
  #ecn: boolean;
  #lastLeft = 0;
  #lastCame = 0;

  constructor({ profile, model, pool, tally, sink, mostBytes }: FollowerOptions) {
    this.#pending = new PendingPackets(pool);
    this.#model = model;
    this.#mostBytes = mostBytes;
    this.#bounds = this.#boundsBefore = boundsOf(profile, mostBytes);
    this.#limit = profile.limit;
    this.#ecn = profile.ecn;
    this.tally = tally;
    this.sink = sink;
    if (model === null) tally.followed = false;
  }

  /** Packets whose fate is open. */
  get open(): number {
    return this.#pending.size;
  }

  /** The profile was changed in place. @param model Whether it still foretells all; the model is changed then. */
  change(profile: Profile, model: ((model: Netem) => void) | null): void {
    this.#changedAt = this.tally.seen;
    const before = this.#boundsBefore, now = this.#bounds;
    this.#boundsBefore = {
      inOrder: false,
      longest: Math.max(before.longest, now.longest),
      waitsForOthers: before.waitsForOthers || now.waitsForOthers,
      duplicates: before.duplicates || now.duplicates,
      corrupts: before.corrupts || now.corrupts,
      overtakesWithin: 0,
    };
    this.#bounds = boundsOf(profile, this.#mostBytes);
    this.#limit = profile.limit;
    this.#ecn ||= profile.ecn;
    if (this.#model !== null && model !== null) model(this.#model);
    else this.distrust();
  }

  /** A packet came. */
  came(frame: SeenFrame, hash: number): void {
    const { tally } = this;
    if (this.#pending.size >= Math.min(mostOpen, 2 * this.#limit + 8192)) this.#giveUp();
    const packet = this.#pending.add(frame, hash);
    packet.n = ++tally.seen;
    if (frame.time < this.#lastCame) packet.time = this.#lastCame;
    this.#lastCame = packet.time;
    if (this.#model !== null) this.#ask(this.#model, packet, frame);
    else {
      if (tally.queued >= this.#limit) packet.cause = NetemCause.limit;
      tally.queued++;
    }
    packet.told = this.sink.packet(packet);
  }

  /** What the model says of a packet. */
  #ask(model: Netem, packet: PendingPacket, frame: SeenFrame): void {
    const { tally } = this;
    const copies = model.enqueue(0, frame.length, packet.time, speaksEcn(frame));
    packet.expected = copies;
    packet.cause = model.lastCause;
    if (model.lastReordered) {
      packet.flags |= RecordFlag.reordered;
      tally.reordered++;
    }
    if (model.lastMarked) packet.flags |= RecordFlag.marked;
    tally.queued += copies;
    if (copies === 0) {
      tally.lost++;
      if (packet.cause === NetemCause.limit) tally.dropped_full++;
      return;
    }
    packet.at[0] = model.lastAt;
    packet.damaged[0] = model.lastCorrupted;
    if (copies === 1) return;
    tally.duplicated++;
    packet.at[1] = model.lastTwinAt;
    packet.damaged[1] = model.lastTwinCorrupted;
  }

  /** A whole copy left; false where no such packet is open here. @param hash Its own. */
  leftWhole(frame: SeenFrame, hash: number): boolean {
    const found = matchWhole(this.#pending, frame, hash, this.#isInOrder());
    if (found === null) return false;
    const marked = differingBit(found.words, frame) !== Bit.none;
    this.#copy(found, frame, Bit.none, marked);
    return true;
  }

  /** A copy left that is like no packet: damaged, perhaps. False where it is of no packet here either. */
  leftDamaged(frame: SeenFrame): boolean {
    if (!this.#bounds.corrupts && !this.#boundsBefore.corrupts) return false;
    const found = matchDamaged(this.#pending, frame, this.#ecn);
    if (found === null) return false;
    const marked = differingBit(found.words, frame) === Bit.other;
    this.#copy(found, frame, differingBit(found.words, frame, marked), marked);
    return true;
  }

  #copy(packet: PendingPacket, frame: SeenFrame, bit: number, marked: boolean): void {
    const { tally } = this, damaged = bit !== Bit.none;
    const time = Math.max(frame.time, packet.time);
    this.#lastLeft = Math.max(this.#lastLeft, time);
    if (this.#model !== null) {
      if (this.#contradicts(packet, time, damaged)) this.distrust();
      else this.#model.dequeue(Infinity);
    }
    if (packet.expected >= 0 || packet.left === 0) tally.queued--;
    else tally.duplicated++;
    packet.left++;
    tally.delivered++;
    if (damaged) tally.corrupted++;
    if (marked) packet.flags |= RecordFlag.marked;
    this.sink.copy(packet, time, bit, marked);
    if (this.#isInOrder()) this.#passed(packet.n, time);
    const bounds = this.#boundsOf(packet);
    if (this.#model === null && time - packet.time < bounds.overtakesWithin) this.#overtook(packet);
    const most = packet.expected >= 0 ? packet.expected : bounds.duplicates ? 2 : 1;
    if (packet.left >= most) this.#settle(packet, time);
  }

  /** Whether a copy that leaves is not what the model said; marks it as gone where it is. */
  #contradicts(packet: PendingPacket, time: number, damaged: boolean): boolean {
    const copy = nextCopy(packet, damaged);
    if (copy === -1 || packet.damaged[copy] !== damaged) return true;
    packet.gone |= 1 << copy;
    const at = packet.at[copy];
    return time < at - early || time > at + late;
  }

  /** All that came before packet `n` would have left by now. */
  #passed(n: number, time: number): void {
    for (;;) {
      const { oldest } = this.#pending;
      if (oldest === null || oldest.n >= n) return;
      if (oldest.expected > oldest.left) this.distrust();
      this.#settle(oldest, time);
    }
  }

  #overtook(packet: PendingPacket): void {
    if ((packet.flags & RecordFlag.reordered) !== 0) return;
    packet.flags |= RecordFlag.reordered;
    this.tally.reordered++;
  }

  /** Time has passed, and all that was seen before `now` is known: settles what can no longer leave. */
  tick(now: number): void {
    let packet = this.#pending.oldest;
    while (packet !== null) {
      const { newer } = packet as PendingPacket;
      const bounds = this.#boundsOf(packet);
      const from = bounds.waitsForOthers ? Math.max(packet.time, this.#lastLeft) : packet.time;
      const overdue = now - from - bounds.longest;
      // Those behind it came later.
      if (now - packet.time <= doubt) return;
      if (overdue > (packet.expected === 0 ? doubt : late)) {
        if (packet.expected > packet.left) this.distrust();
        this.#settle(packet, now);
      }
      packet = newer;
    }
  }

  /** The model is wrong, or cannot know: from here on what is seen counts alone. */
  distrust(): void {
    const { tally } = this;
    tally.followed = false;
    if (this.#model === null) return;
    this.#model = null;
    for (let one = this.#pending.oldest; one !== null; one = one.newer) {
      if (one.expected < 0) continue;
      if (one.expected === 0) {
        tally.lost--;
        if (one.cause === NetemCause.limit) tally.dropped_full--;
      }
      if (one.expected === 2 && one.left < 2) tally.duplicated--;
      tally.queued += (one.left === 0 ? 1 : 0) - (one.expected - one.left);
      one.expected = -1;
    }
  }

  /** Settles all that is open: it was dropped. @param cause As a record has it. */
  drop(time: number, cause: number): void {
    while (this.#pending.oldest !== null) this.#settle(this.#pending.oldest, time, cause);
  }

  /** The oldest is given up: more are open than can be kept. */
  #giveUp(): void {
    const oldest = this.#pending.oldest!;
    if (oldest.expected > oldest.left) this.distrust();
    this.tally.unplaced++;
    this.#settle(oldest, this.#lastCame);
  }

  /** No more copies of it will leave. */
  #settle(packet: PendingPacket, time: number, dropped = 0): void {
    const { tally } = this;
    const awaited = packet.expected >= 0
      ? packet.expected - packet.left
      : packet.left === 0
      ? 1
      : 0;
    tally.queued -= awaited;
    let cause = 0;
    if (packet.left === 0) {
      const foreseen = packet.expected === 0;
      cause = packet.cause || NetemCause.loss;
      if (!foreseen) {
        if (dropped !== 0) cause = dropped;
        tally.lost++;
        if (cause === NetemCause.limit) tally.dropped_full++;
      }
    } else if (dropped !== 0 && packet.expected > packet.left) cause = dropped;
    this.sink.fate(packet, time, cause);
    this.#pending.remove(packet);
  }

  #isInOrder(): boolean {
    return this.#bounds.inOrder && (this.#pending.oldest?.n ?? Infinity) > this.#changedAt;
  }

  #boundsOf(packet: PendingPacket): ProfileBounds {
    return packet.n > this.#changedAt ? this.#bounds : this.#boundsBefore;
  }
}
