import { PROTOCOL, readU16, readU32 } from "./fields.ts";

/** Extension headers of IPv6 with their length in units of 8 bytes (RFC 8200 4). */
const HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51, DESTINATION = 60;

/**
 * Where the parts of one IP packet lie. Keep one instance and call `read` for each packet: it
 * allocates nothing.
 */
export class Layout {
  /** 4 or 6. */
  version = 0;
  /** Where the packet begins in the buffer. */
  start = 0;
  /** Bytes of the whole packet by its header, however many of them the buffer holds. */
  length = 0;
  /** Protocol of the payload, past IPv6 extension headers. */
  protocol = 0;
  /** IPv4 identification; of IPv6 that of the fragment header, else 0. */
  id = 0;
  /** Offset of this fragment's data in bytes; 0 for a first fragment and for a whole datagram. */
  fragmentOffset = 0;
  /** Whether further fragments follow. */
  moreFragments = false;
  /** Where the transport header begins in the buffer, or on later fragments the fragment's data. */
  transport = 0;
  /** Bytes from there to the end of the packet that the buffer really holds. */
  transportHeld = 0;
  /** Bytes from there to the end of the packet by its header. */
  transportLength = 0;
  /**
   * Where the payload of UDP, TCP or ICMP begins; -1 if there is no such header here: another
   * protocol, a later fragment, or a header cut short.
   */
  payload = -1;
  /** Bytes of payload in this packet by its header; 0 if `payload` is -1. */
  payloadLength = 0;
  /** Bytes of payload that the buffer really holds. */
  payloadHeld = 0;

  /**
   * Reads the packet of at most `length` bytes at `offset`; bytes behind its own end are ignored.
   * Returns false, and leaves the fields undefined, if this is no IPv4 or IPv6 packet with a
   * whole IP header.
   */
  read(bytes: Uint8Array, offset: number, length: number): boolean {
    const held = Math.min(length, bytes.length - offset);
    if (held < 20) return false;
    this.start = offset;
    this.version = bytes[offset]! >>> 4;
    this.fragmentOffset = 0;
    this.moreFragments = false;
    this.payload = -1;
    this.payloadLength = 0;
    this.payloadHeld = 0;
    const known = this.version === 4
      ? this.#read4(bytes, offset, held)
      : this.version === 6 && this.#read6(bytes, offset, held);
    if (!known) return false;
    if (this.fragmentOffset === 0) this.#readTransport(bytes);
    return true;
  }

  #read4(bytes: Uint8Array, offset: number, held: number): boolean {
    const header = (bytes[offset]! & 15) << 2;
    if (header < 20 || header > held) return false;
    const total = readU16(bytes, offset + 2);
    // 0: a segmentation super-packet seen before the kernel has filled the field in.
    this.length = total === 0 ? held : total;
    if (this.length < header) return false;
    this.id = readU16(bytes, offset + 4);
    const fragment = readU16(bytes, offset + 6);
    this.fragmentOffset = (fragment & 0x1fff) << 3;
    this.moreFragments = (fragment & 0x2000) !== 0;
    this.protocol = bytes[offset + 9]!;
    this.#bounds(header, held);
    return true;
  }

  #read6(bytes: Uint8Array, offset: number, held: number): boolean {
    if (held < 40) return false;
    const after = readU16(bytes, offset + 4);
    this.length = after === 0 ? held : 40 + after;
    this.id = 0;
    const end = Math.min(held, this.length);
    let next = bytes[offset + 6]!;
    let at = 40;
    while (at + 8 <= end) {
      if (next === FRAGMENT) {
        const fragment = readU16(bytes, offset + at + 2);
        this.fragmentOffset = fragment & 0xfff8;
        this.moreFragments = (fragment & 1) !== 0;
        this.id = readU32(bytes, offset + at + 4);
        next = bytes[offset + at]!;
        at += 8;
        if (this.fragmentOffset !== 0) break; // what follows is data, not a header
      } else if (next === HOP_BY_HOP || next === ROUTING || next === DESTINATION) {
        next = bytes[offset + at]!;
        at += (bytes[offset + at + 1]! + 1) << 3;
      } else if (next === AUTHENTICATION) {
        next = bytes[offset + at]!;
        at += (bytes[offset + at + 1]! + 2) << 2;
      } else break;
    }
    this.protocol = next;
    this.#bounds(Math.min(at, end), held);
    return true;
  }

  #bounds(header: number, held: number): void {
    this.transport = this.start + header;
    this.transportLength = this.length - header;
    this.transportHeld = Math.max(0, Math.min(held, this.length) - header);
  }

  #readTransport(bytes: Uint8Array): void {
    const at = this.transport;
    let header = 8;
    let length = this.transportLength;
    if (this.protocol === PROTOCOL.tcp) {
      if (this.transportHeld < 20) return;
      header = (bytes[at + 12]! >>> 4) << 2;
      if (header < 20) return;
    } else if (this.protocol === PROTOCOL.udp) {
      if (this.transportHeld < 8) return;
      // The datagram may end before the packet does; 0 is a jumbogram's (RFC 2675 4).
      const datagram = readU16(bytes, at + 4);
      if (datagram >= 8 && datagram < length) length = datagram;
    } else if (this.protocol !== PROTOCOL.icmp && this.protocol !== PROTOCOL.icmp6) return;
    if (this.transportHeld < header) return;
    this.payload = at + header;
    this.payloadLength = length - header;
    this.payloadHeld = Math.min(this.payloadLength, this.transportHeld - header);
  }
}
