import { formatAddress4, formatAddress6 } from "./address.ts";
import { ipTrafficClass, PROTOCOL, readU16, readU32 } from "./fields.ts";
import { Layout } from "./layout.ts";

/** The IP header of a decoded packet. */
export interface IpHeader {
  version: 4 | 6;
  src: string;
  dst: string;
  /** Protocol number of what it carries, past IPv6 extension headers. */
  protocol: number;
  /** Bytes of the whole packet by its header. */
  length: number;
  /** IPv4 TTL, IPv6 hop limit. */
  ttl: number;
  /** IPv4 identification; of IPv6 that of its fragment header, else 0. */
  id: number;
  dontFragment: boolean;
  /** Present on fragments; the offset is in bytes. */
  fragment?: { offset: number; more: boolean };
  /** ECN codepoint: 0 none, 1 and 2 capable, 3 congestion experienced. */
  ecn: 0 | 1 | 2 | 3;
}

/** A decoded UDP header. `length` is that of the datagram with its header. */
export interface UdpHeader {
  srcPort: number;
  dstPort: number;
  length: number;
  checksum: number;
}

/** A decoded TCP header. */
export interface TcpHeader {
  srcPort: number;
  dstPort: number;
  seq: number;
  ack: number;
  /** The flag byte: 1 FIN, 2 SYN, 4 RST, 8 PSH, 16 ACK, 32 URG, 64 ECE, 128 CWR. */
  flags: number;
  window: number;
  checksum: number;
  urgent: number;
  /** The options as they stand. */
  options: Uint8Array;
}

/** A decoded ICMP or ICMPv6 header; `id` and `seq` mean something in echo messages only. */
export interface IcmpHeader {
  type: number;
  code: number;
  checksum: number;
  id: number;
  seq: number;
}

/** A decoded packet: with at most one transport header, the one that its protocol names. */
export interface DecodedPacket {
  ip: IpHeader;
  udp?: UdpHeader;
  tcp?: TcpHeader;
  icmp?: IcmpHeader;
  /** What the transport carries; without a transport header, all that follows IP's. Not a copy. */
  payload: Uint8Array;
}

/**
 * The packet at the start of `bytes` as a plain record. A later fragment, another protocol or a
 * transport header cut short gives `ip` and `payload` alone. Null if this is no IPv4 or IPv6 packet
 * with a whole header; never throws.
 */
export function decodePacket(bytes: Uint8Array): DecodedPacket | null {
  const layout = new Layout();
  if (!layout.read(bytes, 0, bytes.length)) return null;
  const at = layout.transport;
  const ip = decodeIp(bytes, layout);
  if (layout.payload < 0) {
    return { ip, payload: bytes.subarray(at, at + layout.transportHeld) };
  }
  const payload = bytes.subarray(layout.payload, layout.payload + layout.payloadHeld);
  switch (layout.protocol) {
    case PROTOCOL.udp: {
      const udp = {
        srcPort: readU16(bytes, at),
        dstPort: readU16(bytes, at + 2),
        length: readU16(bytes, at + 4),
        checksum: readU16(bytes, at + 6),
      };
      return { ip, udp, payload };
    }
    case PROTOCOL.tcp:
      return { ip, tcp: decodeTcp(bytes, layout), payload };
    default: {
      const icmp = {
        type: bytes[at]!,
        code: bytes[at + 1]!,
        checksum: readU16(bytes, at + 2),
        id: readU16(bytes, at + 4),
        seq: readU16(bytes, at + 6),
      };
      return { ip, icmp, payload };
    }
  }
}

function decodeIp(bytes: Uint8Array, layout: Layout): IpHeader {
  const six = layout.version === 6;
  const fragment = { offset: layout.fragmentOffset, more: layout.moreFragments };
  return {
    version: six ? 6 : 4,
    src: six ? formatAddress6(bytes, 8) : formatAddress4(bytes, 12),
    dst: six ? formatAddress6(bytes, 24) : formatAddress4(bytes, 16),
    protocol: layout.protocol,
    length: layout.length,
    ttl: bytes[six ? 7 : 8]!,
    id: layout.id,
    dontFragment: six || (bytes[6]! & 0x40) !== 0, // IPv6 routers never fragment
    ...(fragment.more || fragment.offset > 0 ? { fragment } : {}),
    ecn: (ipTrafficClass(bytes, 0) & 3) as 0 | 1 | 2 | 3,
  };
}

function decodeTcp(bytes: Uint8Array, layout: Layout): TcpHeader {
  const at = layout.transport;
  return {
    srcPort: readU16(bytes, at),
    dstPort: readU16(bytes, at + 2),
    seq: readU32(bytes, at + 4),
    ack: readU32(bytes, at + 8),
    flags: bytes[at + 13]!,
    window: readU16(bytes, at + 14),
    checksum: readU16(bytes, at + 16),
    urgent: readU16(bytes, at + 18),
    options: bytes.subarray(at + 20, layout.payload),
  };
}
