/**
 * One direction of the link: the kernel's netem, decision for decision, with its queue.
 *
 * The order of the draws and their arithmetic are the kernel's, so that a seed gives a packet the
 * same fate here and there. What the kernel leaves unseeded (the value that a correlated stream
 * starts from, slots without a distribution, which bit is flipped) is drawn here from generators
 * beside, derived from the same seed.
 *
 * Time is handed in, nanoseconds as doubles, and must not run backwards. Nothing is allocated per
 * packet in the steady state.
 */
import { chanceOf } from "./chance.ts";
import { type NetemCounts, noCounts } from "./counts.ts";
import { distributionTable, type DistributionTables } from "./distribution.ts";
import { Draws, SIDE, spread, STREAM } from "./draws.ts";
import { HeldCopies } from "./held.ts";
import { FourStateLoss, type LossModel, TwoStateLoss } from "./loss.ts";
import type { Profile, RateOption } from "./profile.ts";
import { PacketQueue } from "./queue.ts";
import { sideGenerator } from "./random.ts";
import { isEmptyScriptLine, ScriptAct, ScriptCursor, type ScriptLine } from "./script.ts";
import { SlotClock } from "./slot_clock.ts";
import { wireTime } from "./wire.ts";

/** What a model may be given beside its profile. */
export interface NetemOptions {
  /** Fates of packets by number. Default: none. */
  script?: ScriptLine;
  /** Distribution tables by name; needed for `experimental`, which no formula gives. */
  tables?: DistributionTables;
}

/** Why `enqueue` did what it did. */
export const NetemCause = { none: 0, loss: 1, script: 2, limit: 3 } as const;

const NONE = -1;

/** One direction's impairment. */
export class Netem {
  /** Why the last packet met its fate: a value of {@link NetemCause}. `script` where one named it. */
  lastCause = 0;
  /** Whether the model chose the last packet, or its duplicate, to overtake the queue. */
  lastReordered = false;
  /** Whether an ECN mark stood in for a loss of the last packet or its duplicate. */
  lastMarked = false;
  /** When the last packet's original may leave, where one was admitted by chance: slots and scripts aside. */
  lastAt = 0;
  /** When its duplicate may; -1 where there is none. */
  lastTwinAt = NONE;
  /** Whether the original will be damaged. */
  lastCorrupted = false;
  /** Whether the duplicate will. */
  lastTwinCorrupted = false;
  /** The number of the last packet, from 1. */
  n = 0;
  /** Of the copy that left last: -1, or 32 random bits that pick the bit to flip. */
  outCorruptBit = NONE;
  /** Of the copy that left last: 0 the original, 1 the duplicate. */
  outCopyIndex = 0;
  /** Of the copy that left last: whether it carries an ECN mark of the model's. */
  outMarked = false;
  /** Of the copy that left last: the time that it had been given, ns. It leaves then, or with a slot after it. */
  outDue = 0;
  /**
   * Whether the model looks at its queue whenever a packet has come or left, as the kernel does within microseconds.
   * Where false, only `dequeue` looks, each time that it is called: for replaying what a kernel did, look by look. Only
   * slots can tell.
   */
  looks = true;
  /** When the duplicate of the next packet comes, ns, where `looks` is false: the kernel reads its clock for each copy. */
  duplicateAt = 0;
  /** Since the model was made. */
  readonly counts: NetemCounts = noCounts();
  /** Copies drained whose packet is not thereby lost: another copy had left, or was drained with them. */
  discarded = 0;

  readonly #queue = new PacketQueue();
  readonly #draws = new Draws();
  #bits = sideGenerator(0n, SIDE.bits);
  #slotRandom = sideGenerator(0n, SIDE.slots);

  #limit = 0;
  #duplicate = 0;
  #loss = 0;
  #lossModel: LossModel | null = null;
  #ecn = false;
  #corrupt = 0;
  #reorder = 0;
  #gap = 0;
  /** Packets since the last that overtook. */
  #counter = 0;
  #latency = 0;
  #jitter = 0;
  #table: Int16Array | null = null;
  #rate: RateOption | null = null;
  #slots: SlotClock | null = null;
  #script: ScriptCursor | null = null;
  readonly #held = new HeldCopies();

  /**
   * A profile without a seed starts from seed 0; `resolveSeeds` draws one where chance is wanted.
   *
   * @throws {RangeError} where the profile names a table that is neither given nor computed.
   */
  constructor(profile: Profile, options: NetemOptions = {}) {
    this.#startOver(profile.seed ?? 0n);
    this.change(profile, options);
  }

  /** Copies in the link: waiting for their time, or held by the script. */
  get queued(): number {
    return this.#queue.length + this.#queue.readyLength + this.#held.length;
  }

  /**
   * Sets the whole profile and script. The queue stays, and so do numbers and counts. With a seed
   * the random numbers start over, without one they go on, as `tc qdisc change` has it.
   *
   * @throws {RangeError} as the constructor; nothing has changed then.
   */
  change(profile: Profile, options: NetemOptions = {}): void {
    const { delay, loss, corrupt, duplicate, reorder, rate, slot } = profile;
    const { script, tables } = options;
    const table = delay?.distribution === undefined
      ? null
      : distributionTable(delay.distribution, tables);
    const slotTable = slot?.kind === "distribution"
      ? distributionTable(slot.distribution, tables)
      : null;
    if (profile.seed !== undefined) this.#startOver(profile.seed);

    this.#limit = profile.limit;
    this.#ecn = profile.ecn;
    this.#duplicate = chanceOf(duplicate?.percent ?? 0);
    this.#draws.lean(STREAM.duplicate, duplicate?.correlation ?? 0);
    this.#loss = loss?.kind === "random" ? chanceOf(loss.percent) : 0;
    this.#draws.lean(STREAM.loss, loss?.kind === "random" ? loss.correlation : 0);
    this.#lossModel = loss?.kind === "state"
      ? new FourStateLoss(loss)
      : loss?.kind === "gemodel"
      ? new TwoStateLoss(loss)
      : null;
    this.#corrupt = chanceOf(corrupt?.percent ?? 0);
    this.#draws.lean(STREAM.corrupt, corrupt?.correlation ?? 0);
    this.#reorder = chanceOf(reorder?.percent ?? 0);
    this.#draws.lean(STREAM.reorder, reorder?.correlation ?? 0);
    this.#gap = reorder?.gap ?? 0;
    this.#counter = 0;
    this.#latency = delay?.ns ?? 0;
    this.#jitter = delay?.jitterNs ?? 0;
    this.#draws.lean(STREAM.delay, delay?.correlation ?? 0);
    this.#table = table;
    this.#rate = rate ?? null;
    this.#slots = slot === undefined
      ? null
      : new SlotClock(slot, slotTable, slotTable === null ? this.#slotRandom : this.#draws.random);
    this.#script = script === undefined || isEmptyScriptLine(script)
      ? null
      : new ScriptCursor(script);
  }

  /**
   * A packet comes. Decides its fate and takes its copies into the queue.
   *
   * `token` is the caller's name of the packet, `bytes` its length with the 14 bytes of an Ethernet
   * header (what the kernel counts), `nowNs` the time, `ect` whether an ECN mark can be set on it.
   * Returns how many copies were admitted: 0, 1, or 2 (the duplicate enters before the original).
   * `lastCause`, `lastReordered`, `lastMarked` and `n` then tell about this packet.
   */
  enqueue(token: number, bytes: number, nowNs: number, ect = false): number {
    const n = ++this.n;
    this.counts.seen++;
    this.lastCause = 0;
    this.lastReordered = false;
    this.lastMarked = false;
    this.lastTwinAt = NONE;
    const acts = this.#script === null ? 0 : this.#script.acts(n);
    const copies = acts === 0
      ? this.#chance(token, bytes, nowNs, ect)
      : this.#scripted(acts, token, bytes, nowNs, ect);
    if (copies === 0) {
      this.counts.lost++;
      if (this.#held.length > 0) this.#freeHeld(n, nowNs);
    } else if (this.#slots !== null) {
      this.#trySlot(this.#slots, nowNs);
    }
    return copies;
  }

  /**
   * When the next copy may leave: ns, `Infinity` while none waits. Slots are counted in. The caller
   * takes what is due (`dequeue`) after each `enqueue` and at this time, as the kernel does.
   */
  nextAt(): number {
    const ready = this.#queue.peekReady();
    if (ready !== NONE) return this.#queue.time[ready] as number;
    const row = this.#queue.peek();
    if (row === NONE) return Infinity;
    const time = this.#queue.time[row] as number;
    return this.#slots !== null && this.#slots.opensAt > time ? this.#slots.opensAt : time;
  }

  /**
   * The token of the next copy that may leave at `nowNs`, or -1 where none may. `outCorruptBit`,
   * `outCopyIndex` and `outMarked` then tell about this copy. Where a slot is over, the first copy
   * of the next can still be refused though `nextAt` had come: ask again at the new `nextAt`.
   */
  dequeue(nowNs: number): number {
    const queue = this.#queue;
    let row = queue.peekReady();
    if (row !== NONE) {
      queue.popReady();
    } else {
      row = queue.peek();
      if (row === NONE) return NONE;
      const slots = this.#slots;
      if (slots !== null) slots.tryLater(queue.time[row] as number, nowNs);
      if ((queue.time[row] as number) > nowNs) return NONE;
      if (slots !== null && slots.opensAt > nowNs) return NONE;
      queue.pop();
      if (slots !== null) {
        slots.use(queue.bytes[row] as number, nowNs);
        this.#trySlot(slots, nowNs);
      }
    }
    const mate = queue.mate[row] as number;
    if (mate !== NONE) {
      queue.mate[mate] = NONE;
      queue.mateLeft[mate] = 1;
    }
    this.counts.delivered++;
    this.outCorruptBit = queue.corruptBit[row] as number;
    if (this.outCorruptBit !== NONE) this.counts.corrupted++;
    this.outCopyIndex = queue.copy[row] as number;
    this.outMarked = queue.marked[row] === 1;
    this.outDue = queue.time[row] as number;
    const token = queue.token[row] as number;
    if (this.#held.length > 0) this.#freeHeld(queue.number[row] as number, nowNs);
    queue.release(row);
    return token;
  }

  /**
   * Empties the queue: `drop` is called with each copy's token, in the order in which they would
   * have left, held ones last. A packet of which no copy has left is then counted as lost.
   */
  drain(drop: (token: number) => void): void {
    const queue = this.#queue;
    for (;;) {
      let row = queue.readyLength > 0 ? queue.popReady() : queue.pop();
      if (row === NONE) row = this.#held.take();
      if (row === NONE) return;
      const mate = queue.mate[row] as number;
      if (mate !== NONE) queue.mate[mate] = NONE;
      if (mate !== NONE || queue.mateLeft[row] === 1) this.discarded++;
      else this.counts.lost++;
      const token = queue.token[row] as number;
      queue.release(row);
      drop(token);
    }
  }

  /** The kernel's way, in its order. Returns the copies admitted. */
  #chance(token: number, bytes: number, now: number, ect: boolean): number {
    const queue = this.#queue;
    // Duplication, then loss: where both hit, the packet passes once.
    let duplicate = this.#duplicate !== 0 && this.#duplicate >= this.#draws.next(STREAM.duplicate);
    let marked = false;
    if (this.#loses()) {
      if (this.#ecn && ect) marked = true;
      else if (duplicate) duplicate = false;
      else {
        this.lastCause = NetemCause.loss;
        return 0;
      }
    }
    // The duplicate was cloned before this, and stays whole.
    const corruptBit = this.#corruptBit();
    // A full queue drops original and duplicate alike.
    if (queue.length >= this.#limit) {
      this.lastCause = NetemCause.limit;
      this.counts.dropped_full++;
      return 0;
    }
    // The duplicate enters first. It draws all but duplication; room there is, as just seen.
    let twin = NONE;
    let twinReady = false;
    if (duplicate) {
      let twinMarked = marked;
      let twinLost = this.#loses();
      if (twinLost && this.#ecn && ect) {
        twinMarked = true;
        twinLost = false;
      }
      if (!twinLost) {
        twin = this.#row(token, bytes, this.#corruptBit(), 1, twinMarked);
        twinReady = this.#overtakes();
        const came = this.looks ? now : this.duplicateAt;
        if (twinReady) queue.time[twin] = came;
        else this.#line(twin, bytes, came, this.#delay(), false);
        if (twinMarked) this.lastMarked = true;
        this.counts.duplicated++;
      }
    }
    // Copies share their bytes, so that a mark on the duplicate is on both; damage makes bytes of one's own.
    if (this.lastMarked && corruptBit === NONE) marked = true;
    const row = this.#row(token, bytes, corruptBit, 0, marked);
    if (twin !== NONE) queue.pair(row, twin);
    if (marked) this.lastMarked = true;
    if (this.#overtakes()) {
      // What overtakes goes before all, its own duplicate included.
      queue.time[row] = now;
      queue.pushReady(row);
      this.lastReordered = true;
    } else {
      this.#line(row, bytes, now, this.#delay(), twinReady);
    }
    if (twinReady) {
      queue.pushReady(twin);
      this.lastReordered = true;
    }
    if (this.lastReordered) this.counts.reordered++;
    this.lastAt = queue.time[row] as number;
    this.lastCorrupted = corruptBit !== NONE;
    if (twin === NONE) return 1;
    this.lastTwinAt = queue.time[twin] as number;
    this.lastTwinCorrupted = queue.corruptBit[twin] !== NONE;
    return 2;
  }

  /**
   * A packet that the script names: the profile draws all that it would have drawn, so that the
   * packets after it meet the same fates, but only its delay counts; the rest is the script's. Where
   * the profile drew no delay (it would have lost the packet, or let it overtake), its middle counts.
   */
  #scripted(acts: number, token: number, bytes: number, now: number, ect: boolean): number {
    const queue = this.#queue;
    this.lastCause = NetemCause.script;
    const duplicate = this.#duplicate !== 0 &&
      this.#duplicate >= this.#draws.next(STREAM.duplicate);
    const marks = this.#ecn && ect;
    const lost = this.#loses() && !marks;
    if (!lost || duplicate) this.#drawCorrupt();
    const full = queue.length >= this.#limit;
    let delay = this.#latency;
    if (!full && (!lost || duplicate)) {
      if (duplicate && !lost && (!this.#loses() || marks)) {
        this.#drawCorrupt();
        this.#overtakenDelay();
      }
      delay = this.#overtakenDelay();
    }
    if ((acts & ScriptAct.Lose) !== 0) return 0;
    if (full) {
      this.lastCause = NetemCause.limit;
      this.counts.dropped_full++;
      return 0;
    }
    const script = this.#script as ScriptCursor;
    const extra = (acts & ScriptAct.Delay) !== 0 ? script.delayNs : 0;
    const copies = (acts & ScriptAct.Duplicate) !== 0 ? 2 : 1;
    const counter = this.#counter;
    let twin = NONE;
    for (let copy = copies - 1; copy >= 0; copy--) {
      const bit = (acts & ScriptAct.Corrupt) !== 0 ? this.#bits.next() : NONE;
      const row = this.#row(token, bytes, bit, copy, false);
      if (twin !== NONE) queue.pair(row, twin);
      twin = row;
      if ((acts & ScriptAct.Hold) !== 0) this.#held.hold(row, script.until);
      else this.#line(row, bytes, now, delay + extra, false);
    }
    this.#counter = counter;
    this.counts.duplicated += copies - 1;
    return copies;
  }

  /** The draws of a copy that the script does not let go the profile's way, and the delay they gave. */
  #overtakenDelay(): number {
    if (this.#overtakes()) return this.#latency;
    this.#counter++;
    return this.#delay();
  }

  #row(token: number, bytes: number, corruptBit: number, copy: number, marked: boolean): number {
    const row = this.#queue.take();
    this.#queue.fill(row, token, bytes, this.n);
    this.#queue.corruptBit[row] = corruptBit;
    this.#queue.copy[row] = copy;
    this.#queue.marked[row] = marked ? 1 : 0;
    return row;
  }

  /** Puts a row in line. `behindReady`: its duplicate has just overtaken all, at `now`. */
  #line(row: number, bytes: number, now: number, delay: number, behindReady: boolean): void {
    const queue = this.#queue;
    let from = now;
    let wait = delay;
    if (this.#rate !== null) {
      // The wire is free when the last in the queue has left; a delay runs while it is busy.
      if (queue.length > 0) {
        from = behindReady && queue.lastTime < now ? now : queue.lastTime;
        wait = Math.max(0, delay - (from - now));
      } else if (behindReady) {
        wait = Math.max(0, delay);
      }
      wait += wireTime(bytes, this.#rate);
    }
    queue.time[row] = from + wait;
    this.#counter++;
    queue.insert(row);
  }

  #loses(): boolean {
    if (this.#lossModel !== null) return this.#lossModel.lose(this.#draws.random);
    return this.#loss !== 0 && this.#loss >= this.#draws.next(STREAM.loss);
  }

  #drawCorrupt(): boolean {
    return this.#corrupt !== 0 && this.#corrupt >= this.#draws.next(STREAM.corrupt);
  }

  #corruptBit(): number {
    return this.#drawCorrupt() ? this.#bits.next() : NONE;
  }

  #overtakes(): boolean {
    if (this.#gap === 0 || this.#counter < this.#gap - 1) return false;
    if (this.#reorder < this.#draws.next(STREAM.reorder)) return false;
    this.#counter = 0;
    return true;
  }

  #delay(): number {
    if (this.#jitter === 0) return this.#latency;
    return spread(this.#draws.next(STREAM.delay), this.#latency, this.#jitter, this.#table);
  }

  /** What the kernel does when it looks at the queue, after each packet that came or left. */
  #trySlot(slots: SlotClock, now: number): void {
    if (!this.looks) return;
    const row = this.#queue.peek();
    if (row !== NONE) slots.try(this.#queue.time[row] as number, now);
  }

  /** Lets go, in the order of their coming, of all that waited for packet n. */
  #freeHeld(n: number, now: number): void {
    this.#held.letGo(n, (row) => {
      this.#queue.time[row] = now;
      this.#queue.pushReadyFirst(row);
    });
  }

  #startOver(seed: bigint): void {
    this.#draws.startOver(seed);
    this.#bits = sideGenerator(seed, SIDE.bits);
    this.#slotRandom = sideGenerator(seed, SIDE.slots);
  }
}
