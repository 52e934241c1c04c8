/** The slots in which packets leave: when each opens, and what is left of it. */
import { spread } from "./draws.ts";
import type { SlotOption } from "./profile.ts";
import { mulShift32, type Taus113 } from "./random.ts";

const UNBOUNDED = 0x7fffffff;

/** One direction's slots. */
export class SlotClock {
  /**
   * When the slot opens, ns. The kernel's first is open from the moment of setting: before any
   * packet that comes.
   */
  opensAt = -Infinity;
  readonly #slot: SlotOption;
  readonly #table: Int16Array | null;
  readonly #random: Taus113;
  readonly #maxPackets: number;
  readonly #maxBytes: number;
  #packetsLeft: number;
  #bytesLeft: number;
  #triedAt = -Infinity;

  /**
   * `random` is the direction's own stream where a table shapes the slots (`table` is not null), as in
   * the kernel; else the kernel leaves them unseeded, and a generator beside must be given.
   */
  constructor(slot: SlotOption, table: Int16Array | null, random: Taus113) {
    this.#slot = slot;
    this.#table = table;
    this.#random = random;
    this.#maxPackets = slot.packets || UNBOUNDED;
    this.#maxBytes = slot.bytes || UNBOUNDED;
    this.#packetsLeft = this.#maxPackets;
    this.#bytesLeft = this.#maxBytes;
  }

  /** The kernel's look at the head of the queue: a slot that opened before the head's time is renewed. */
  try(headTime: number, now: number): void {
    this.#triedAt = now;
    if (this.opensAt < headTime) this.#renew(now);
  }

  /** As `try`, unless that was already done at this time. */
  tryLater(headTime: number, now: number): void {
    if (now > this.#triedAt) this.try(headTime, now);
  }

  /** A packet of so many bytes leaves in the slot; the last that fits closes it. */
  use(bytes: number, now: number): void {
    this.#packetsLeft--;
    this.#bytesLeft -= bytes;
    if (this.#packetsLeft <= 0 || this.#bytesLeft <= 0) this.#renew(now);
  }

  #renew(now: number): void {
    const slot = this.#slot;
    const draw = this.#random.next();
    const wait = slot.kind === "range"
      ? slot.minNs + mulShift32(draw, slot.maxNs - slot.minNs)
      : spread(draw, slot.delayNs, slot.jitterNs, this.#table);
    this.opensAt = now + wait;
    this.#packetsLeft = this.#maxPackets;
    this.#bytesLeft = this.#maxBytes;
  }
}
