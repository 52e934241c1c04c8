/** What was counted of a direction, and who is told about it. */
import type { LinkCounts } from "../../packet/mod.ts";
import type { PendingPacket } from "./pending.ts";

/** Takes what becomes of packets. A packet is told once, then each of its copies as it leaves, then its fate. */
export interface FateSink {
  /** Returns whether that was recorded. */
  packet(packet: PendingPacket): boolean;
  /** @param bit The flipped one, as `difference.ts` has it; -1 for none. */
  copy(packet: PendingPacket, time: number, bit: number, marked: boolean): void;
  /** @param cause As a record has it: why it is lost, if it is. */
  fate(packet: PendingPacket, time: number, cause: number): void;
}

/** Tells nobody. */
export const silence: FateSink = { packet: () => false, copy() {}, fate() {} };

/** A direction's counts, over all that followed it in a run. */
export class Tally implements LinkCounts {
  seen = 0;
  delivered = 0;
  lost = 0;
  duplicated = 0;
  corrupted = 0;
  reordered = 0;
  dropped_full = 0;
  /** Copies on their way, as far as anybody knows. */
  queued = 0;
  /** Copies that no packet was found for, and packets given up: the record lacks them. */
  unplaced = 0;
  /** Whether all that was seen agrees with what was foretold. */
  followed = true;

  /** The counts alone. */
  counts(): LinkCounts {
    const { seen, delivered, lost, duplicated, corrupted, reordered, dropped_full } = this;
    return { seen, delivered, lost, duplicated, corrupted, reordered, dropped_full };
  }

  /** Counts on from those of an ended run. */
  add(other: Tally): void {
    this.seen += other.seen;
    this.delivered += other.delivered;
    this.lost += other.lost;
    this.duplicated += other.duplicated;
    this.corrupted += other.corrupted;
    this.reordered += other.reordered;
    this.dropped_full += other.dropped_full;
  }
}
