/** What will become of packets that are sent at a steady pace, told before any is sent. */
import type { DistributionTables } from "./distribution.ts";
import { formatProfile } from "./format.ts";
import { Netem, type NetemOptions } from "./netem.ts";
import type { Profile } from "./profile.ts";
import type { ScriptLine } from "./script.ts";

/** How the packets come. */
export interface ForetellOptions {
  /** How many packets come. */
  count: number;
  /** Microseconds from one to the next; the first comes at 0. */
  intervalUs: number;
  /** Bytes of each, with 14 for an Ethernet header. */
  frameBytes: number;
  /** Fates by number. Default: none. */
  script?: ScriptLine;
  /** Distribution tables; needed for `experimental`. */
  tables?: DistributionTables;
}

/** The fates of all packets. */
export interface Foretold {
  /** The profile as canonical text, seed included. */
  profile: string;
  count: number;
  /** A digit a packet: how many copies of it arrive. */
  copies: string;
  /** Numbers of the packets of which a copy arrives damaged, rising. */
  corrupted: number[];
  /** A number for every copy, in the order of arrival. */
  order: number[];
  /** For each packet, for each of its copies in the order of arrival: microseconds in the link. */
  delay_us: number[][];
}

/**
 * The fates of packets that come as `options` say, by the very model of the link in virtual time.
 * What the link measures can differ where the fate hangs on time: with `limit`, `rate`, `slot`, and
 * packets that do not come as evenly.
 *
 * @throws {RangeError} where the profile names a table that is neither given nor computed.
 *
 * @example
 * ```ts
 * const way = { count: 8, intervalUs: 1000, frameBytes: 98 };
 * foretell(parseProfile("loss 25% seed 3"), way).copies; // "11101111"
 * ```
 */
export function foretell(profile: Profile, options: ForetellOptions): Foretold {
  const { count, frameBytes, script, tables } = options;
  const given: NetemOptions = {};
  if (script !== undefined) given.script = script;
  if (tables !== undefined) given.tables = tables;
  const model = new Netem(profile, given);
  const gapNs = options.intervalUs * 1000;
  const arrived = new Uint8Array(count);
  const damaged = new Uint8Array(count);
  const order: number[] = [];
  const delay_us: number[][] = [];
  let now = 0;

  const leave = (until: number) => {
    for (let at = model.nextAt(); at <= until && at !== Infinity; at = model.nextAt()) {
      if (at > now) now = at;
      const n = model.dequeue(now);
      // A slot can begin anew when its time has come; then the packet waits on.
      if (n < 0) continue;
      const waited = (now - (n - 1) * gapNs) / 1000;
      order.push(n);
      arrived[n - 1] = (arrived[n - 1] as number) + 1;
      if (model.outCorruptBit >= 0) damaged[n - 1] = 1;
      (delay_us[n - 1] as number[]).push(waited);
    }
  };

  for (let n = 1; n <= count; n++) {
    const comes = (n - 1) * gapNs;
    leave(comes);
    now = comes;
    delay_us.push([]);
    model.enqueue(n, frameBytes, comes);
    leave(comes);
  }
  leave(Infinity);

  const corrupted: number[] = [];
  for (let n = 1; n <= count; n++) if (damaged[n - 1] === 1) corrupted.push(n);
  return {
    profile: formatProfile(profile),
    count,
    copies: new TextDecoder().decode(arrived.map((copies) => copies + 48)),
    corrupted,
    order,
    delay_us,
  };
}
