import { readU16, writeU16 } from "./fields.ts";

/**
 * Marks the packet at `offset` as having met congestion (ECN codepoint CE, RFC 3168 5), keeping
 * IPv4's checksum right. Returns false, and changes nothing, if its sender does not speak ECN.
 */
export function markCongestion(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset]! >>> 4 === 6) {
    if ((bytes[offset + 1]! & 0x30) === 0) return false;
    bytes[offset + 1] = bytes[offset + 1]! | 0x30;
    return true;
  }
  const before = bytes[offset + 1]!;
  if ((before & 3) === 0) return false;
  bytes[offset + 1] = before | 3;
  // RFC 1624: HC' = ~(~HC + ~m + m')
  const sum = (~readU16(bytes, offset + 10) & 0xffff) + (~before & 0xffff) + (before | 3);
  writeU16(bytes, offset + 10, ~((sum & 0xffff) + (sum >>> 16)) & 0xffff);
  return true;
}
