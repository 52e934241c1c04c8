import { PROTOCOL, readU16, writeU16 } from "./fields.ts";
import { Layout } from "./layout.ts";

/**
 * The sum of 16-bit words (an odd last byte padded with zero), not yet folded to 16 bits; `sum`
 * goes on from an earlier one.
 */
export function sumWords(bytes: Uint8Array, offset: number, length: number, sum = 0): number {
  const end = offset + length - 1;
  let at = offset;
  for (; at < end; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return at === end ? sum + (bytes[at]! << 8) : sum;
}

/** The Internet checksum (RFC 1071) of a sum of words: folded and complemented. */
export function foldChecksum(sum: number): number {
  while (sum > 0xffff) sum = (sum % 0x10000) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The Internet checksum of bytes; 0 over bytes that already contain their right checksum. */
export function internetChecksum(bytes: Uint8Array, offset = 0, length = bytes.length): number {
  return foldChecksum(sumWords(bytes, offset, length));
}

/** The sum of the pseudo header (RFC 9293 3.1, RFC 8200 8.1) of the packet at `offset`. */
export function pseudoHeaderSum(
  bytes: Uint8Array,
  offset: number,
  transport: { protocol: number; length: number },
): number {
  const six = bytes[offset]! >>> 4 === 6;
  const addresses = six ? sumWords(bytes, offset + 8, 32) : sumWords(bytes, offset + 12, 8);
  return addresses + transport.protocol + (transport.length >>> 16) + (transport.length & 0xffff);
}

/** Where each protocol keeps its checksum. */
const FIELD: Readonly<Record<number, number>> = {
  [PROTOCOL.udp]: 6,
  [PROTOCOL.tcp]: 16,
  [PROTOCOL.icmp]: 2,
  [PROTOCOL.icmp6]: 2,
};

function transportChecksum(bytes: Uint8Array, layout: Layout, length: number): number {
  const pseudo = layout.protocol === PROTOCOL.icmp
    ? 0
    : pseudoHeaderSum(bytes, layout.start, { protocol: layout.protocol, length });
  return foldChecksum(sumWords(bytes, layout.transport, length, pseudo));
}

/** Bytes that the transport's checksum covers: UDP's own length, else all to the packet's end. */
function covered(bytes: Uint8Array, layout: Layout): number {
  if (layout.protocol !== PROTOCOL.udp) return layout.transportLength;
  const length = readU16(bytes, layout.transport + 4);
  return length >= 8 && length <= layout.transportLength ? length : layout.transportLength;
}

/** What a receiver finds. `transport` is null where this packet alone cannot tell: see below. */
export interface ChecksumReport {
  /** Whether the IPv4 header's checksum is right; true for IPv6, which has none. */
  ip: boolean;
  transport: boolean | null;
}

/**
 * Checks a packet's checksums as a receiver does. `transport` is null for fragments, packets that
 * are not whole, other protocols, and UDP over IPv4 sent without one. Null if this is no IP packet.
 */
export function verifyChecksums(bytes: Uint8Array): ChecksumReport | null {
  const layout = new Layout();
  if (!layout.read(bytes, 0, bytes.length)) return null;
  const ip = layout.version === 6 || internetChecksum(bytes, 0, layout.transport) === 0;
  const whole = layout.payload >= 0 && !layout.moreFragments &&
    layout.transportHeld === layout.transportLength;
  const none = layout.version === 4 && layout.protocol === PROTOCOL.udp &&
    readU16(bytes, layout.transport + 6) === 0;
  if (!whole || none) return { ip, transport: null };
  return { ip, transport: transportChecksum(bytes, layout, covered(bytes, layout)) === 0 };
}

/**
 * Computes and writes the checksums of the packet at the start of `bytes`: the IPv4 header's, and
 * unless it is a fragment the transport's. Bytes that are no IP packet stay as they are.
 */
export function fillChecksums(bytes: Uint8Array): void {
  const layout = new Layout();
  if (!layout.read(bytes, 0, bytes.length)) return;
  if (layout.version === 4) {
    writeU16(bytes, 10, 0);
    writeU16(bytes, 10, internetChecksum(bytes, 0, layout.transport));
  }
  const field = FIELD[layout.protocol];
  if (field === undefined || layout.payload < 0 || layout.moreFragments) return;
  writeU16(bytes, layout.transport + field, 0);
  const sum = transportChecksum(bytes, layout, covered(bytes, layout));
  // RFC 768: a UDP checksum that comes out as 0 is sent as all ones, for 0 means none.
  writeU16(
    bytes,
    layout.transport + field,
    sum === 0 && layout.protocol === PROTOCOL.udp ? 0xffff : sum,
  );
}
