/**
 * What a driver of the link offers, whichever it is: the control socket and the recorder stand on this alone.
 */
import type { LinkCounted, LinkSetting } from "./protocol.ts";
import type { LinkCounts } from "../packet/mod.ts";
import type { RingRecord } from "./ring.ts";

/** Where a direction stands. */
export interface DriverCounts {
  /** Microseconds since `begin`. */
  t_us: number;
  up: LinkCounts & { queued: number };
  down: LinkCounts & { queued: number };
  /** Records that were lost to overload. */
  missed: number;
  /**
   * Where the kernel decides, whether all that was seen agrees so far with what the seed foretells. False: fates are told
   * as seen, and which of two alike packets was lost is a guess.
   */
  followed?: boolean;
}

/** The impairing part of a link. */
export interface Driver extends AsyncDisposable {
  readonly name: "tc" | "tun";
  /** Bytes of each packet that are recorded: 0 for no record at all. */
  keep: number;
  /** Takes each record, in the order of time, once it is there. */
  onRecord: (record: RingRecord) => void;
  /** Awaited between bursts of records: settles once those who read them keep up. */
  caughtUp: () => Promise<void>;
  /** Settles when the driver has failed. */
  readonly broken: Promise<Error>;
  /** Counters to zero, random numbers from their start; a `begin` record stands before those of the run. */
  begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts>;
  /** Changes the directions given. */
  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts>;
  counts(): Promise<DriverCounts>;
  /** Drops what is queued; every record of the run has been handed over when this settles. */
  end(): Promise<DriverCounts>;
}

/** The part of the counts that a run's end reports. */
export function endOf(counts: DriverCounts): LinkCounted {
  const { queued: _up, ...up } = counts.up;
  const { queued: _down, ...down } = counts.down;
  return { up, down, missed: counts.missed };
}
