/** What a peer met, in words for a student. Pure. */
import type { PeerFault } from "./peer/protocol.ts";
import { PATIENCE, STARTING, TICK_MS } from "./peer/patience.ts";
import { byteCount } from "./bytes.ts";

/** Seconds of a check's patience. */
export const PATIENCE_S: number = PATIENCE * TICK_MS / 1000;

/** Seconds until something must have come of a client that was just started. */
export const STARTING_S: number = STARTING * TICK_MS / 1000;

/** What somebody waited for. */
export interface Awaited {
  /** `server` or `client`: who should have done it. */
  whom: string;
  /** What was awaited, such as `a line` or `5 bytes`. */
  what: string;
  /** Bytes that came. */
  came: number;
}

/** What the other end has done, or left undone; all other faults are ours. */
export type TheirFault = Exclude<PeerFault, "gone" | "other">;

/** Says why what was awaited did not come. */
export function describeFault(fault: TheirFault, { whom, what, came }: Awaited): string {
  const after = came === 0 ? "" : ` after ${byteCount(came)}`;
  switch (fault) {
    case "refused":
      return `Connection refused: nothing listens on the ${whom}'s port`;
    case "reset":
      return `Connection reset: the ${whom} aborted it${after} (waited for ${what})`;
    case "end":
      return `End of stream: the ${whom} closed the connection${after} (waited for ${what})`;
    case "timeout":
      return came === 0
        ? `Timed out: nothing came within ${PATIENCE_S} s (waited for ${what})`
        : `Timed out: ${
          byteCount(came)
        } came, and no more within ${PATIENCE_S} s (waited for ${what})`;
    case "absent":
      return `Timed out: nothing came within ${STARTING_S} s of the ${whom}'s start (waited for ${what})`;
    case "unreachable":
      return `Unreachable: no way leads to the ${whom}`;
    case "flood":
      return `Too much: the ${whom} sends without an end (waited for ${what})`;
  }
}
