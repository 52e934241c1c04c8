/** What a run inside the rig came to, of the direction up. */
import type { LinkCounts } from "../../../src/packet/mod.ts";

/** How a run is watched. */
export interface Case {
  /** Whether nobody reads its events. */
  silent?: boolean;
}

/** What was told of it. */
export interface Outcome {
  followed: boolean;
  up: LinkCounts;
  /** On their way before the end. */
  queued: number;
  missed: number;
  /** Whether packets are numbered from 1 without a gap. */
  numbers: boolean;
  /** A digit a packet. */
  copies: string;
  corrupted: number[];
  reordered: number[];
  /** All there were; empty for none. */
  causes: string[];
  /** The shortest time that a copy took, in microseconds. */
  earliest: number;
}
