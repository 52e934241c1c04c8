/**
 * Writes a profile for tc, so that the kernel does what the profile says and nothing left over from before.
 *
 * `formatProfile()` is for people and leaves out what is nothing. Here everything is said, for:
 * - `tc qdisc change` keeps corrupt, reorder, rate, slot and correlations that are not named
 * - tc forgets a duplicate's correlation unless the delay's is there, and it is there always
 * - a bare time is microseconds to tc 6.1 and nanoseconds to 6.15, and 6.1 knows no `ns`
 */
import type { LossOption, Profile, RateOption, SlotOption } from "../../netem/mod.ts";
import type { TcFacts } from "./probe.ts";

/** What of tc matters here. */
export type TcWords = Pick<TcFacts, "seeds" | "nanoseconds">;

/** Nanoseconds of a tick, in which tc 6.1 writes delays, and how many of them it takes a microsecond for. */
const tick = 64, ticksPerMicrosecond = 15.625;

/** The words behind `netem` of `tc qdisc add`, `replace` and `change`. */
export function netemWords(profile: Profile, tc: TcWords): string {
  const { limit, delay, loss, ecn, corrupt, duplicate, reorder, rate, slot, seed } = profile;
  const words = [
    `limit ${limit}`,
    `delay ${time(delay?.ns ?? 0)} ${time(delay?.jitterNs ?? 0)} ${delay?.correlation ?? 0}%`,
  ];
  if (delay?.distribution !== undefined) words.push(`distribution ${delay.distribution}`);
  if (loss !== undefined) words.push(lossWords(loss));
  if (ecn) words.push("ecn");
  words.push(
    `corrupt ${chance(corrupt)}`,
    `duplicate ${chance(duplicate)}`,
    `reorder ${chance(reorder)}${reorder === undefined ? "" : ` gap ${reorder.gap}`}`,
    rateWords(rate),
    slotWords(slot),
  );
  if (seed !== undefined && tc.seeds) words.push(`seed ${seed}`);
  return words.join(" ");
}

/**
 * The profile as the kernel will have it: tc 6.1 cuts delay and jitter to whole microseconds, and those to whole ticks of
 * 64 ns, so that 1 us is 960 ns.
 */
export function asTaken(profile: Profile, tc: TcWords): Profile {
  const { delay } = profile;
  if (delay === undefined || tc.nanoseconds) return profile;
  const cut = (ns: number) => Math.trunc(Math.trunc(ns / 1000) * ticksPerMicrosecond) * tick;
  return { ...profile, delay: { ...delay, ns: cut(delay.ns), jitterNs: cut(delay.jitterNs) } };
}

/**
 * Whether a netem that had `before` can be told to be `next`. tc has no word that takes back a table, nor `ecn`.
 *
 * @param before All that it had been since it was put there.
 */
export function canChange(before: Had, next: Profile): boolean {
  if (before.table && (next.delay?.jitterNs ?? 0) > 0 && next.delay?.distribution === undefined) {
    return false;
  }
  if (before.slotTable && next.slot?.kind === "range") return false;
  // Without losses there is nothing to mark.
  return !(before.ecn && !next.ecn && next.loss !== undefined);
}

/** What stays in a netem for good. */
export interface Had {
  readonly table: boolean;
  readonly slotTable: boolean;
  readonly ecn: boolean;
}

/** What a netem that had `before` keeps for good once it was told to be `next`. */
export function had(next: Profile, before?: Had): Had {
  return {
    table: next.delay?.distribution !== undefined || (before?.table ?? false),
    slotTable: next.slot?.kind === "distribution" || (before?.slotTable ?? false),
    ecn: next.ecn || (before?.ecn ?? false),
  };
}

/** In microseconds, which every tc reads, and cuts: what is a hair over is not cut to a nanosecond less. */
function time(ns: number): string {
  return ns % 1000 === 0 ? `${ns / 1000}us` : `${(ns / 1000 + 0.0003).toFixed(4)}us`;
}

function chance(of: { percent: number; correlation: number } | undefined): string {
  return `${of?.percent ?? 0}% ${of?.correlation ?? 0}%`;
}

function lossWords(loss: LossOption): string {
  switch (loss.kind) {
    case "random":
      return `loss ${chance(loss)}`;
    case "state":
      return `loss state ${percents(loss.p13, loss.p31, loss.p32, loss.p23, loss.p14)}`;
    case "gemodel":
      return `loss gemodel ${percents(loss.p, loss.r, loss.lossInBad, loss.lossInGood)}`;
  }
}

/** Up to the first that was left to its default. */
function percents(...values: (number | undefined)[]): string {
  const end = values.indexOf(undefined);
  return values.slice(0, end < 0 ? undefined : end).map((value) => `${value}%`).join(" ");
}

function rateWords(rate: RateOption | undefined): string {
  if (rate === undefined) return "rate 0bit 0 0 0";
  const { bytesPerSecond, overhead, cellSize, cellOverhead } = rate;
  return `rate ${bytesPerSecond}bps ${overhead} ${cellSize} ${cellOverhead}`;
}

function slotWords(slot: SlotOption | undefined): string {
  if (slot === undefined) return "slot 0us 0us packets 0 bytes 0";
  const times = slot.kind === "distribution"
    ? `distribution ${slot.distribution} ${time(slot.delayNs)} ${time(slot.jitterNs)}`
    : `${time(slot.minNs)} ${time(slot.maxNs)}`;
  return `slot ${times} packets ${slot.packets} bytes ${slot.bytes}`;
}
