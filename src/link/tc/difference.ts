/**
 * How a frame that left differs from one that came: in nothing, in one bit, in a congestion mark, or in so much that it is
 * another. Pure, and without allocating.
 */
import { packetWord, type SeenFrame, wordsOf } from "./seen_frame.ts";

/**
 * Where no bit is flipped; where one is, outside the IP packet: in the sender's Ethernet address, or elsewhere in that
 * header; and where the frames are two different ones.
 */
export const Bit = { none: -1, ethernet: 0x7fffffff, sender: 0x7ffffffe, other: -2 } as const;
/** Words of a frame: two bytes to fill the first, then 6 bytes of the receiver's address, 6 of the sender's, 2 of a type. */
const senderWord = 2;

/**
 * The one bit in which two frames of the same length differ, counted from the start of the IP packet: its byte times 8, and
 * its place in that. Else a value of {@linkcode Bit}.
 *
 * @param kept Words of the frame that came.
 * @param marked Whether the frame that left carries a mark that the other does not.
 */
export function differingBit(kept: Int32Array, left: SeenFrame, marked = false): number {
  const { words, first } = left;
  const count = wordsOf(left.length);
  const six = (kept[packetWord]! & 0xf0) === 0x60;
  let bit: number = Bit.none;
  for (let at = 0; at < count; at++) {
    let expected = kept[at]!;
    if (at === 0) expected = (expected & ~0xffff) | (words[first]! & 0xffff);
    else if (marked && at === packetWord) expected |= six ? 0x3000 : 0x300;
    else if (marked && !six && at === packetWord + 2) expected = markedChecksum(kept);
    const difference = expected ^ words[first + at]!;
    if (difference === 0) continue;
    if (bit !== Bit.none || (difference & (difference - 1)) !== 0) return Bit.other;
    bit = at >= packetWord
      ? (at - packetWord) * 32 + 31 - Math.clz32(difference)
      : at === senderWord || (at === senderWord + 1 && (difference & 0xffff) !== 0)
      ? Bit.sender
      : Bit.ethernet;
  }
  return bit;
}

/** Whether a mark can be set on the packet that is not there yet. */
export function canBeMarked(kept: Int32Array): boolean {
  const word = kept[packetWord]!;
  const ecn = (word & 0xf0) === 0x60 ? (word >> 12) & 3 : (word >> 8) & 3;
  return ecn === 1 || ecn === 2;
}

/** The third word of an IPv4 header once the packet is marked. RFC 1624: HC' = ~(~HC + ~m + m'). */
function markedChecksum(kept: Int32Array): number {
  const word = kept[packetWord + 2]!;
  const checksum = (((word >>> 16) & 0xff) << 8) | (word >>> 24);
  const service = (kept[packetWord]! >> 8) & 0xff;
  let sum = (~checksum & 0xffff) + (~service & 0xffff) + (service | 3);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
  return (word & 0xffff) | ((sum & 0xff) << 24) | ((sum >> 8) << 16);
}
