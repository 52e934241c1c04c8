/**
 * What can be said of a profile before a packet has come: whether its seed tells all, and when a packet that has not left
 * will not leave any more.
 */
import type { Profile } from "../../netem/mod.ts";

/** No value of a distribution's table is further from the middle: 32767 of 8192 to a sigma. */
const mostSigmas = 4;

/** What follows from a profile. */
export interface ProfileBounds {
  /** Whether packets leave in the order in which they came. */
  inOrder: boolean;
  /** Nanoseconds that a packet may be delayed at most, once the packets before it have left. */
  longest: number;
  /** Whether it must wait for others to leave. */
  waitsForOthers: boolean;
  /** Whether two copies of a packet may leave. */
  duplicates: boolean;
  /** Whether copies may leave with a bit flipped. */
  corrupts: boolean;
  /** Nanoseconds within which only a packet leaves that was chosen to overtake; 0 where none is. */
  overtakesWithin: number;
}

/**
 * The bounds of a profile.
 *
 * @param most Bytes of the largest frame.
 */
export function boundsOf(profile: Profile, most: number): ProfileBounds {
  const { delay, rate, slot, reorder, duplicate, corrupt } = profile;
  const jitter = delay?.jitterNs ?? 0;
  const shaped = delay?.distribution === undefined ? jitter : jitter * mostSigmas;
  return {
    // With a rate, each packet waits for the one before it, whatever its own delay.
    inOrder: reorder === undefined && (jitter === 0 || rate !== undefined),
    longest: (delay?.ns ?? 0) + shaped + longestSlot(slot) +
      (rate === undefined ? 0 : longestWireTime(rate, most)),
    waitsForOthers: rate !== undefined || slot !== undefined,
    duplicates: duplicate !== undefined,
    corrupts: corrupt !== undefined,
    overtakesWithin: reorder === undefined ? 0 : Math.max(0, (delay?.ns ?? 0) - shaped) / 2,
  };
}

function longestSlot(slot: Profile["slot"]): number {
  if (slot === undefined) return 0;
  return slot.kind === "range" ? slot.maxNs : slot.delayNs + slot.jitterNs * mostSigmas;
}

/** How long the largest frame keeps the wire busy. */
function longestWireTime(rate: NonNullable<Profile["rate"]>, most: number): number {
  const bytes = most + Math.max(0, rate.overhead);
  const cells = rate.cellSize === 0 ? 0 : Math.ceil(bytes / rate.cellSize);
  const padded = cells * (rate.cellSize + Math.max(0, rate.cellOverhead));
  return Math.max(bytes, padded) * 1e9 / rate.bytesPerSecond;
}

/**
 * Whether the model foretells all that the kernel will do with a profile: what leans on numbers that the kernel does not
 * start from the seed, and slots, cannot be.
 *
 * @param seeds Whether the kernel takes seeds.
 */
export function isForetold(profile: Profile, seeds: boolean): boolean {
  const { delay, loss, corrupt, duplicate, reorder, slot, seed } = profile;
  if (slot !== undefined) return false;
  const chances = [corrupt, duplicate, reorder, loss?.kind === "random" ? loss : undefined];
  if (chances.some((one) => one !== undefined && one.correlation !== 0)) return false;
  if (delay !== undefined && delay.correlation !== 0) return false;
  const draws = loss !== undefined || corrupt !== undefined || duplicate !== undefined ||
    reorder !== undefined || (delay?.jitterNs ?? 0) !== 0;
  return !draws || (seeds && seed !== undefined);
}
