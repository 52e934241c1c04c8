/**
 * Single header fields of an IP packet at an offset of a buffer: nothing is allocated and nothing
 * is checked, so a loop may call these for every packet. `Layout` finds and checks the parts.
 */

/** IANA protocol numbers of what the link carries. */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** A big-endian 16-bit field. Bytes past the end read as 0. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! << 8) | bytes[offset + 1]!;
}

/** A big-endian 32-bit field, as an unsigned number. */
export function readU32(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) |
    bytes[offset + 3]!) >>> 0;
}

/** Writes a big-endian 16-bit field. */
export function writeU16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 8;
  bytes[offset + 1] = value;
}

/** Writes a big-endian 32-bit field. */
export function writeU32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** The version nibble: 4 or 6 for IP, anything for other bytes. */
export function ipVersion(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! >>> 4;
}

/** Bytes of the whole IP packet as its header says (RFC 791 3.1, RFC 8200 3). */
export function ipLength(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! >>> 4 === 6 ? 40 + readU16(bytes, offset + 4) : readU16(bytes, offset + 2);
}

/** Bytes of the IPv4 header, options included. */
export function ip4HeaderLength(bytes: Uint8Array, offset: number): number {
  return (bytes[offset]! & 15) << 2;
}

/** Protocol of an IPv4 packet; of an IPv6 packet the next header, which may be an extension. */
export function ipProtocol(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! >>> 4 === 6 ? bytes[offset + 6]! : bytes[offset + 9]!;
}

/** Identification of an IPv4 packet. */
export function ip4Id(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset + 4);
}

/** Offset in bytes of an IPv4 fragment's data in the datagram; 0 for a first or whole one. */
export function ip4FragmentOffset(bytes: Uint8Array, offset: number): number {
  return (readU16(bytes, offset + 6) & 0x1fff) << 3;
}

/** Whether more fragments of the IPv4 datagram follow. */
export function ip4MoreFragments(bytes: Uint8Array, offset: number): boolean {
  return (bytes[offset + 6]! & 0x20) !== 0;
}

/** Whether an IPv4 packet is a part of a larger datagram. */
export function ip4IsFragment(bytes: Uint8Array, offset: number): boolean {
  return (readU16(bytes, offset + 6) & 0x3fff) !== 0;
}

/** The traffic class byte: DSCP and, in the lowest two bits, ECN. */
export function ipTrafficClass(bytes: Uint8Array, offset: number): number {
  return bytes[offset]! >>> 4 === 6 ? (readU16(bytes, offset) >>> 4) & 0xff : bytes[offset + 1]!;
}
