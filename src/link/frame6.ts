/**
 * What the packet thread reads and changes in an IPv6 packet, in place and without allocating (RFC 8200).
 */
const hopByHop = 0, tcp = 6, udp = 17, routing = 43, fragment = 44, icmp6 = 58, destination = 60;
const echoRequest = 128, echoReply = 129;
/** Bytes of the header, and of a fragment header behind it. */
const header = 40, fragmentHeader = 8;

/** Whether the packet's source is this address of 16 bytes. */
export function isFrom6(bytes: Uint8Array, address: Uint8Array): boolean {
  // From the end: hosts of one network differ there.
  for (let i = 15; i >= 0; i--) if (bytes[8 + i] !== address[i]) return false;
  return true;
}

/** Whether the packet is for many: what the tun device itself says to the neighbours that it does not have. */
export function isMulticast6(bytes: Uint8Array): boolean {
  return bytes[24] === 0xff;
}

/** Whether the packet is TCP, UDP or ICMPv6 echo; of later fragments the header tells which. */
export function meetsModel6(bytes: Uint8Array, length: number): boolean {
  let next = bytes[6]!, at = header, later = false;
  while (at + fragmentHeader <= length && !later) {
    if (next === fragment) {
      later = ((bytes[at + 2]! << 8) | (bytes[at + 3]! & 0xf8)) !== 0;
      next = bytes[at]!;
      at += fragmentHeader;
    } else if (next === hopByHop || next === routing || next === destination) {
      next = bytes[at]!;
      at += (bytes[at + 1]! + 1) << 3;
    } else break;
  }
  if (next === udp || next === tcp) return length >= header;
  if (next !== icmp6 || at >= length) return false;
  return later || bytes[at] === echoRequest || bytes[at] === echoReply;
}

/** Bytes in which no bit is flipped: the header, and a fragment header right behind it. */
export function headerLength6(bytes: Uint8Array): number {
  return bytes[6] === fragment ? header + fragmentHeader : header;
}

/** Whether the sender would understand a congestion mark: ECT(0) or ECT(1). */
export function isEcnCapable6(bytes: Uint8Array): boolean {
  const ecn = (bytes[1]! >> 4) & 3;
  return ecn === 1 || ecn === 2;
}
