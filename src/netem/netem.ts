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
import { chanceOf, rhoOf } from "./chance.ts";
import { DISTRIBUTION_SCALE, distributionTable, type DistributionTables } from "./distribution.ts";
import { FourStateLoss, type LossModel, TwoStateLoss } from "./loss.ts";
import type { Profile } from "./profile.ts";
import { PacketQueue } from "./queue.ts";
import { correlate, mulShift32, sideGenerator, Taus113 } from "./random.ts";
import { isEmptyScriptLine, ScriptAct, ScriptCursor, type ScriptLine } from "./script.ts";

/** What a model may be given beside its profile. */
export interface NetemOptions {
  /** Fates of packets by number. Default: none. */
  script?: ScriptLine;
  /** Distribution tables by name; needed for `experimental`, which no formula gives. */
  tables?: DistributionTables;
}

/**
 * What one direction counted since the model was made. At any time
 * `seen + duplicated = delivered + lost + queued + discarded` (the last two are the model's).
 */
export interface NetemCounts {
  /** Packets that came. */
  seen: number;
  /** Copies that left, duplicates included. */
  delivered: number;
  /** Packets of which no copy left or will: lost by chance, by script, to a full queue, or drained. */
  lost: number;
  /** Copies that were added. */
  duplicated: number;
  /** Copies that left with a bit flipped. */
  corrupted: number;
  /** Packets of which a copy was chosen to overtake the queue. */
  reordered: number;
  /** Packets refused because the queue was full; they are among the lost. */
  dropped_full: number;
}

/** Why `enqueue` did what it did. */
export const NetemCause = { none: 0, loss: 1, script: 2, limit: 3 } as const;

/** The correlated streams: which remembered draw belongs to a draw. */
const STREAM = { delay: 0, loss: 1, duplicate: 2, reorder: 3, corrupt: 4 } as const;

/** Purposes of the generators beside the main one. */
const SIDE = { warmUp: 1, bits: 2, slots: 3 } as const;

const NONE = -1;
const UNBOUNDED = 0x7fffffff;

/** One direction's impairment. */
export class Netem {
  /** Why the last packet met its fate: a value of {@link NetemCause}. `script` where one named it. */
  lastCause = 0;
  /** Whether the model chose the last packet, or its duplicate, to overtake the queue. */
  lastReordered = false;
  /** Whether an ECN mark stood in for a loss of the last packet or its duplicate. */
  lastMarked = false;
  /** The number of the last packet, from 1. */
  n = 0;
  /** Of the copy that left last: -1, or 32 random bits that pick the bit to flip. */
  outCorruptBit = NONE;
  /** Of the copy that left last: 0 the original, 1 the duplicate. */
  outCopyIndex = 0;
  /** Of the copy that left last: whether it carries an ECN mark of the model's. */
  outMarked = false;
  /** Since the model was made. */
  readonly counts: NetemCounts = {
    seen: 0,
    delivered: 0,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    reordered: 0,
    dropped_full: 0,
  };
  /** Copies drained whose packet is not thereby lost: another copy had left, or was drained with them. */
  discarded = 0;

  readonly #queue = new PacketQueue();
  readonly #random = new Taus113(0n);
  #bits = sideGenerator(0n, SIDE.bits);
  #slotRandom = sideGenerator(0n, SIDE.slots);
  /** The last draw of each correlated stream. */
  readonly #last = new Float64Array(5);
  readonly #rho = new Float64Array(5);

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
  #rate = 0;
  #overhead = 0;
  #cellSize = 0;
  #cellOverhead = 0;

  #slotted = false;
  #slotMin = 0;
  #slotSpread = 0;
  #slotTable: Int16Array | null = null;
  #slotDelay = 0;
  #slotJitter = 0;
  #slotMaxPackets = UNBOUNDED;
  #slotMaxBytes = UNBOUNDED;
  #slotNext = -Infinity;
  #slotPacketsLeft = 0;
  #slotBytesLeft = 0;
  /** When the head of the queue was last tried. */
  #triedAt = -Infinity;

  #script: ScriptCursor | null = null;
  readonly #held: { row: number; until: number }[] = [];

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
    this.#rho[STREAM.duplicate] = rhoOf(duplicate?.correlation ?? 0);
    this.#loss = loss?.kind === "random" ? chanceOf(loss.percent) : 0;
    this.#rho[STREAM.loss] = rhoOf(loss?.kind === "random" ? loss.correlation : 0);
    this.#lossModel = loss?.kind === "state"
      ? new FourStateLoss(loss)
      : loss?.kind === "gemodel"
      ? new TwoStateLoss(loss)
      : null;
    this.#corrupt = chanceOf(corrupt?.percent ?? 0);
    this.#rho[STREAM.corrupt] = rhoOf(corrupt?.correlation ?? 0);
    this.#reorder = chanceOf(reorder?.percent ?? 0);
    this.#rho[STREAM.reorder] = rhoOf(reorder?.correlation ?? 0);
    this.#gap = reorder?.gap ?? 0;
    this.#counter = 0;
    this.#latency = delay?.ns ?? 0;
    this.#jitter = delay?.jitterNs ?? 0;
    this.#rho[STREAM.delay] = rhoOf(delay?.correlation ?? 0);
    this.#table = table;
    this.#rate = rate?.bytesPerSecond ?? 0;
    this.#overhead = rate?.overhead ?? 0;
    this.#cellSize = rate?.cellSize ?? 0;
    this.#cellOverhead = rate?.cellOverhead ?? 0;

    this.#slotted = slot !== undefined;
    this.#slotTable = slotTable;
    this.#slotMin = slot?.kind === "range" ? slot.minNs : 0;
    this.#slotSpread = slot?.kind === "range" ? slot.maxNs - slot.minNs : 0;
    this.#slotDelay = slot?.kind === "distribution" ? slot.delayNs : 0;
    this.#slotJitter = slot?.kind === "distribution" ? slot.jitterNs : 0;
    this.#slotMaxPackets = slot?.packets || UNBOUNDED;
    this.#slotMaxBytes = slot?.bytes || UNBOUNDED;
    this.#slotPacketsLeft = this.#slotMaxPackets;
    this.#slotBytesLeft = this.#slotMaxBytes;
    // The kernel's first slot is open from the moment of setting: before any packet that comes.
    this.#slotNext = -Infinity;
    this.#triedAt = -Infinity;

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
    const acts = this.#script === null ? 0 : this.#script.acts(n);
    const copies = acts === 0
      ? this.#chance(token, bytes, nowNs, ect)
      : this.#scripted(acts, token, bytes, nowNs, ect);
    if (copies === 0) {
      this.counts.lost++;
      if (this.#held.length > 0) this.#freeHeld(n, nowNs);
    } else if (this.#slotted) {
      this.#try(nowNs);
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
    return this.#slotted && this.#slotNext > time ? this.#slotNext : time;
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
      if (this.#slotted && nowNs > this.#triedAt) this.#try(nowNs);
      row = queue.peek();
      if (row === NONE || (queue.time[row] as number) > nowNs) return NONE;
      if (this.#slotted && this.#slotNext > nowNs) return NONE;
      queue.pop();
      if (this.#slotted) this.#useSlot(queue.bytes[row] as number, nowNs);
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
      if (row === NONE) row = this.#held.shift()?.row ?? NONE;
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
    let duplicate = this.#duplicate !== 0 && this.#duplicate >= this.#draw(STREAM.duplicate);
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
        if (twinReady) queue.time[twin] = now;
        else this.#line(twin, bytes, now, this.#delay(), false);
        if (twinMarked) this.lastMarked = true;
        this.counts.duplicated++;
      }
    }
    const row = this.#row(token, bytes, corruptBit, 0, marked);
    if (twin !== NONE) {
      queue.mate[row] = twin;
      queue.mate[twin] = row;
    }
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
    return twin === NONE ? 1 : 2;
  }

  /**
   * A packet that the script names: the profile draws all that it would have drawn, so that the
   * packets after it meet the same fates, but only its delay counts; the rest is the script's. Where
   * the profile drew no delay (it would have lost the packet, or let it overtake), its middle counts.
   */
  #scripted(acts: number, token: number, bytes: number, now: number, ect: boolean): number {
    const queue = this.#queue;
    this.lastCause = NetemCause.script;
    const duplicate = this.#duplicate !== 0 && this.#duplicate >= this.#draw(STREAM.duplicate);
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
      if (twin !== NONE) {
        queue.mate[row] = twin;
        queue.mate[twin] = row;
      }
      twin = row;
      if ((acts & ScriptAct.Hold) !== 0) this.#held.push({ row, until: script.until });
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
    const queue = this.#queue;
    const row = queue.take();
    queue.token[row] = token;
    queue.bytes[row] = bytes;
    queue.number[row] = this.n;
    queue.corruptBit[row] = corruptBit;
    queue.copy[row] = copy;
    queue.marked[row] = marked ? 1 : 0;
    queue.mate[row] = NONE;
    queue.mateLeft[row] = 0;
    return row;
  }

  /** Puts a row in line. `behindReady`: its duplicate has just overtaken all, at `now`. */
  #line(row: number, bytes: number, now: number, delay: number, behindReady: boolean): void {
    const queue = this.#queue;
    let from = now;
    let wait = delay;
    if (this.#rate !== 0) {
      // The wire is free when the last in the queue has left; a delay runs while it is busy.
      if (queue.length > 0) {
        from = behindReady && queue.lastTime < now ? now : queue.lastTime;
        wait = Math.max(0, delay - (from - now));
      } else if (behindReady) {
        wait = Math.max(0, delay);
      }
      wait += this.#wireTime(bytes);
    }
    queue.time[row] = from + wait;
    this.#counter++;
    queue.insert(row);
  }

  /** How long the packet occupies the wire, ns. Fewer than no bytes count as none. */
  #wireTime(bytes: number): number {
    let length = Math.max(0, bytes + this.#overhead);
    if (this.#cellSize !== 0) {
      const cells = Math.ceil(length / this.#cellSize);
      length = Math.imul(cells, this.#cellSize + this.#cellOverhead) >>> 0;
    }
    return Math.floor((length * 1e9) / this.#rate);
  }

  #loses(): boolean {
    if (this.#lossModel !== null) return this.#lossModel.lose(this.#random);
    return this.#loss !== 0 && this.#loss >= this.#draw(STREAM.loss);
  }

  #drawCorrupt(): boolean {
    return this.#corrupt !== 0 && this.#corrupt >= this.#draw(STREAM.corrupt);
  }

  #corruptBit(): number {
    return this.#drawCorrupt() ? this.#bits.next() : NONE;
  }

  #overtakes(): boolean {
    if (this.#gap === 0 || this.#counter < this.#gap - 1) return false;
    if (this.#reorder < this.#draw(STREAM.reorder)) return false;
    this.#counter = 0;
    return true;
  }

  #delay(): number {
    if (this.#jitter === 0) return this.#latency;
    return spread(this.#draw(STREAM.delay), this.#latency, this.#jitter, this.#table);
  }

  #draw(stream: number): number {
    const value = this.#random.next();
    const rho = this.#rho[stream] as number;
    if (rho === 0) return value;
    const answer = correlate(value, this.#last[stream] as number, rho);
    this.#last[stream] = answer;
    return answer;
  }

  /** The kernel's look at the head of the queue: a slot that has passed before its time is renewed. */
  #try(now: number): void {
    this.#triedAt = now;
    const row = this.#queue.peek();
    if (row !== NONE && this.#slotNext < (this.#queue.time[row] as number)) this.#newSlot(now);
  }

  #useSlot(bytes: number, now: number): void {
    this.#slotPacketsLeft--;
    this.#slotBytesLeft -= bytes;
    if (this.#slotPacketsLeft <= 0 || this.#slotBytesLeft <= 0) this.#newSlot(now);
    this.#try(now);
  }

  #newSlot(now: number): void {
    const wait = this.#slotTable === null
      ? this.#slotMin + mulShift32(this.#slotRandom.next(), this.#slotSpread)
      : spread(this.#random.next(), this.#slotDelay, this.#slotJitter, this.#slotTable);
    this.#slotNext = now + wait;
    this.#slotPacketsLeft = this.#slotMaxPackets;
    this.#slotBytesLeft = this.#slotMaxBytes;
  }

  /** Lets go, in the order of their coming, of all that waited for packet n. */
  #freeHeld(n: number, now: number): void {
    for (let index = this.#held.length - 1; index >= 0; index--) {
      const held = this.#held[index];
      if (held === undefined || held.until !== n) continue;
      this.#held.splice(index, 1);
      this.#queue.time[held.row] = now;
      this.#queue.pushReadyFirst(held.row);
    }
  }

  #startOver(seed: bigint): void {
    this.#random.seed(seed);
    this.#bits = sideGenerator(seed, SIDE.bits);
    this.#slotRandom = sideGenerator(seed, SIDE.slots);
    const warmUp = sideGenerator(seed, SIDE.warmUp);
    for (let stream = 0; stream < this.#last.length; stream++) this.#last[stream] = warmUp.next();
  }
}

/** A draw turned to a time around `mu`: uniform within `sigma`, or shaped by a table. ns, may be negative. */
function spread(draw: number, mu: number, sigma: number, table: Int16Array | null): number {
  if (table === null) return (draw % (2 * sigma)) + mu - sigma;
  const t = table[draw % table.length] as number;
  const part = (sigma % DISTRIBUTION_SCALE) * t;
  // Rounded to the nearest of the scale, then cut towards zero.
  const rounded = part >= 0 ? part + DISTRIBUTION_SCALE / 2 : part - DISTRIBUTION_SCALE / 2;
  return Math.trunc(rounded / DISTRIBUTION_SCALE) +
    Math.floor(sigma / DISTRIBUTION_SCALE) * t + mu;
}
