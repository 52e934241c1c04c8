/**
 * Which pending packet a copy that left is of: of those that it may be of, the one that it fits best by what the model
 * said. Pure, and without allocating.
 */
import { Bit, canBeMarked, differingBit } from "./difference.ts";
import type { PendingPacket, PendingPackets } from "./pending.ts";
import type { SeenFrame } from "./seen_frame.ts";

/**
 * The packet that a whole copy, perhaps a marked one, is of; null where there is none.
 *
 * @param hash The copy's own.
 * @param inOrder Whether packets leave in the order in which they came.
 */
export function matchWhole(
  pending: PendingPackets,
  frame: SeenFrame,
  hash: number,
  inOrder: boolean,
): PendingPacket | null {
  const best = bestAlike(pending, frame, hash, inOrder, false);
  // Numbers can agree where bytes do not, though hardly ever; a bit flipped in what they leave out is a damage.
  return best === null || isSame(best, frame)
    ? best
    : bestAlike(pending, frame, hash, inOrder, true);
}

/** The best of those that share a number with the copy. @param compare Whether bytes must agree as well. */
function bestAlike(
  pending: PendingPackets,
  frame: SeenFrame,
  hash: number,
  inOrder: boolean,
  compare: boolean,
): PendingPacket | null {
  let best: PendingPacket | null = null;
  for (let one = pending.sharing(hash); one !== null; one = one.alike) {
    if (one.hash !== hash || one.length !== frame.length) continue;
    if (compare && !isSame(one, frame)) continue;
    if (best !== null && !fitsBetter(one, best, false)) continue;
    best = one;
    // They stand in the order of their coming.
    if (inOrder && misfit(one, false) === 0) break;
  }
  return best;
}

/**
 * The packet that a copy with one bit flipped is of; null where there is none.
 *
 * @param ecn Whether the copy may be marked besides.
 */
export function matchDamaged(
  pending: PendingPackets,
  frame: SeenFrame,
  ecn: boolean,
): PendingPacket | null {
  let best: PendingPacket | null = null;
  for (let one = pending.oldest; one !== null; one = one.newer) {
    if (one.length !== frame.length) continue;
    if (best !== null && !fitsBetter(one, best, true)) continue;
    if (isNear(one, frame, ecn)) best = one;
  }
  return best;
}

/** Which of a packet's foretold copies leaves next, rather one that is damaged, or is not; -1 where none is awaited. */
export function nextCopy(packet: PendingPacket, damaged: boolean): -1 | 0 | 1 {
  const { expected, gone, at } = packet;
  const first = expected >= 1 && (gone & 1) === 0, second = expected === 2 && (gone & 2) === 0;
  if (!first || !second) return first ? 0 : second ? 1 : -1;
  if (packet.damaged[0] !== packet.damaged[1]) return packet.damaged[0] === damaged ? 0 : 1;
  return at[0] < at[1] ? 0 : 1;
}

/**
 * Whether a copy that leaves fits one packet better than another. Of those that fit as well it is of the one whose copy
 * leaves first by the model; without a model, of the one that came first.
 */
function fitsBetter(one: PendingPacket, other: PendingPacket, damaged: boolean): boolean {
  const rank = misfit(one, damaged), otherRank = misfit(other, damaged);
  return rank === otherRank ? turn(one, damaged) < turn(other, damaged) : rank < otherRank;
}

/** How badly a copy that leaves fits a packet: 0 is best, 1 is not as foretold, 2 is one too many. */
function misfit(packet: PendingPacket, damaged: boolean): number {
  if (packet.expected < 0) return packet.left === 0 ? 0 : 1;
  const copy = nextCopy(packet, damaged);
  return copy === -1 ? 2 : packet.damaged[copy] === damaged ? 0 : 1;
}

function turn(packet: PendingPacket, damaged: boolean): number {
  const copy = packet.expected < 0 ? -1 : nextCopy(packet, damaged);
  return copy === -1 ? packet.n : packet.at[copy];
}

/** Whether a frame is this packet, perhaps with a congestion mark. */
function isSame(packet: PendingPacket, frame: SeenFrame): boolean {
  if (differingBit(packet.words, frame) === Bit.none) return true;
  return canBeMarked(packet.words) && differingBit(packet.words, frame, true) === Bit.none;
}

/** Whether a frame is this packet but for one bit. @param ecn Whether it may be marked besides. */
function isNear(packet: PendingPacket, frame: SeenFrame, ecn: boolean): boolean {
  if (differingBit(packet.words, frame) !== Bit.other) return true;
  return ecn && canBeMarked(packet.words) &&
    differingBit(packet.words, frame, true) !== Bit.other;
}
