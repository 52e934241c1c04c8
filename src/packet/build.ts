import { parseAddress } from "./address.ts";
import { fillChecksums } from "./checksum.ts";
import { PROTOCOL, writeU16, writeU32 } from "./fields.ts";

/** What every built packet takes. */
export interface IpOptions {
  src: string;
  dst: string;
  /** Default: empty. */
  payload?: Uint8Array;
  /** IPv4 identification. Default 0. */
  id?: number;
  /** TTL or hop limit. Default 64. */
  ttl?: number;
  /** IPv4's don't-fragment bit. Default false. */
  dontFragment?: boolean;
  /** ECN codepoint. Default 0. */
  ecn?: 0 | 1 | 2 | 3;
}

/** A packet between two ports. */
export interface PortOptions extends IpOptions {
  srcPort: number;
  dstPort: number;
}

/** A TCP segment. */
export interface TcpOptions extends PortOptions {
  /** Letters of F S R P A U E C. Default `A`. */
  flags?: string;
  /** Default 0. */
  seq?: number;
  /** Default 0. */
  ack?: number;
  /** Default 65535. */
  window?: number;
  /** TCP options, a multiple of 4 bytes. Default: none. */
  options?: Uint8Array;
}

/** An ICMP echo message. */
export interface EchoOptions extends IpOptions {
  /** Whether it answers one. Default false. */
  reply?: boolean;
  /** Identifier. Default 0; not to be mistaken for `id`, IP's. */
  echoId?: number;
  /** Default 0. */
  seq?: number;
}

/**
 * A UDP datagram over IPv4, checksums filled in.
 *
 * @throws {SyntaxError} if an address is none.
 * @throws {RangeError} if an address is not IPv4, or the packet would be longer than 65,535 bytes;
 * so in all builders.
 */
export function buildUdp4(options: PortOptions): Uint8Array {
  return packet(4, PROTOCOL.udp, udpHeader(options), options);
}

/** As `buildUdp4`, over IPv6. */
export function buildUdp6(options: PortOptions): Uint8Array {
  return packet(6, PROTOCOL.udp, udpHeader(options), options);
}

/** A TCP segment over IPv4, checksums filled in. */
export function buildTcp4(options: TcpOptions): Uint8Array {
  return packet(4, PROTOCOL.tcp, tcpHeader(options), options);
}

/** As `buildTcp4`, over IPv6. */
export function buildTcp6(options: TcpOptions): Uint8Array {
  return packet(6, PROTOCOL.tcp, tcpHeader(options), options);
}

/** An ICMP echo request or reply over IPv4 (RFC 792), checksums filled in. */
export function buildIcmpEcho4(options: EchoOptions): Uint8Array {
  return packet(4, PROTOCOL.icmp, echoHeader(options, options.reply ? 0 : 8), options);
}

/** An ICMPv6 echo request or reply (RFC 4443 4), checksum filled in. */
export function buildIcmpEcho6(options: EchoOptions): Uint8Array {
  return packet(6, PROTOCOL.icmp6, echoHeader(options, options.reply ? 129 : 128), options);
}

function udpHeader(options: PortOptions): Uint8Array {
  const header = new Uint8Array(8);
  writeU16(header, 0, options.srcPort);
  writeU16(header, 2, options.dstPort);
  writeU16(header, 4, 8 + (options.payload?.length ?? 0));
  return header;
}

function tcpHeader(options: TcpOptions): Uint8Array {
  const extra = options.options ?? new Uint8Array(0);
  if (extra.length > 40 || extra.length % 4 !== 0) {
    throw new RangeError(`Pad TCP options to a multiple of 4 up to 40 bytes, not ${extra.length}`);
  }
  const header = new Uint8Array(20 + extra.length);
  writeU16(header, 0, options.srcPort);
  writeU16(header, 2, options.dstPort);
  writeU32(header, 4, options.seq ?? 0);
  writeU32(header, 8, options.ack ?? 0);
  header[12] = header.length >> 2 << 4;
  header[13] = [...options.flags ?? "A"].reduce((bits, flag) => bits | flagBit(flag), 0);
  writeU16(header, 14, options.window ?? 65535);
  header.set(extra, 20);
  return header;
}

function flagBit(flag: string): number {
  const bit = "FSRPAUEC".indexOf(flag);
  if (bit < 0) throw new SyntaxError(`Write TCP flags with letters of FSRPAUEC, not '${flag}'`);
  return 1 << bit;
}

function echoHeader(options: EchoOptions, type: number): Uint8Array {
  const header = new Uint8Array(8);
  header[0] = type;
  writeU16(header, 4, options.echoId ?? 0);
  writeU16(header, 6, options.seq ?? 0);
  return header;
}

function packet(
  version: 4 | 6,
  protocol: number,
  transport: Uint8Array,
  options: IpOptions,
): Uint8Array {
  const ip = version === 4 ? ip4Header(protocol, options) : ip6Header(protocol, options);
  const payload = options.payload ?? new Uint8Array(0);
  const bytes = new Uint8Array(ip.length + transport.length + payload.length);
  if (bytes.length > 65_535) {
    throw new RangeError(
      `Shorten the payload: the packet has ${bytes.length} bytes, 65535 at most`,
    );
  }
  bytes.set(ip);
  bytes.set(transport, ip.length);
  bytes.set(payload, ip.length + transport.length);
  if (version === 4) writeU16(bytes, 2, bytes.length);
  else writeU16(bytes, 4, bytes.length - 40);
  fillChecksums(bytes);
  return bytes;
}

function ip4Header(protocol: number, options: IpOptions): Uint8Array {
  const header = new Uint8Array(20);
  header[0] = 0x45;
  header[1] = options.ecn ?? 0;
  writeU16(header, 4, options.id ?? 0);
  header[6] = options.dontFragment ? 0x40 : 0;
  header[8] = options.ttl ?? 64;
  header[9] = protocol;
  header.set(addressOf(options.src, 4), 12);
  header.set(addressOf(options.dst, 4), 16);
  return header;
}

function ip6Header(protocol: number, options: IpOptions): Uint8Array {
  const header = new Uint8Array(40);
  header[0] = 0x60;
  header[1] = (options.ecn ?? 0) << 4;
  header[6] = protocol;
  header[7] = options.ttl ?? 64;
  header.set(addressOf(options.src, 16), 8);
  header.set(addressOf(options.dst, 16), 24);
  return header;
}

function addressOf(text: string, length: 4 | 16): Uint8Array {
  const bytes = parseAddress(text);
  if (bytes.length !== length) {
    throw new RangeError(`Give an IPv${length === 4 ? 4 : 6} address, not '${text}'`);
  }
  return bytes;
}
