/**
 * Packets that were still on their way when their run ended. The link counts them among the lost, as no copy of them will
 * arrive; a run tells them apart, as nothing has gone wrong with them.
 */
import type { Direction, LinkEvent, PacketEvent } from "../packet/mod.ts";

/** Packets by direction. */
export type ByDirection = Record<Direction, number>;

/** Whether the run ended with this packet in the link, before any copy of it had left. */
export function isUnderWay({ cause, copies }: PacketEvent): boolean {
  return cause === "end" && copies.length === 0;
}

/** Counts them, fed event by event. */
export class UnderWay {
  readonly counts: ByDirection = { up: 0, down: 0 };

  /** Takes the next event. */
  push(event: LinkEvent): void {
    if (event.ev === "packet" && isUnderWay(event)) this.counts[event.dir]++;
  }
}
