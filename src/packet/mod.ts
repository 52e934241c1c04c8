/**
 * Packets as bytes and as records: headers of IPv4, IPv6, TCP, UDP and ICMP, checksums, packets
 * built and cut, pcap files, and the events that the link writes. Pure; runs in a browser.
 * @module
 */
export { formatAddress4, formatAddress6, joinPort, parseAddress, splitPort } from "./address.ts";
export { decodeBase64, encodeBase64 } from "./base64.ts";
export {
  buildIcmpEcho4,
  buildIcmpEcho6,
  buildTcp4,
  buildTcp6,
  buildUdp4,
  buildUdp6,
} from "./build.ts";
export type { EchoOptions, IpOptions, PortOptions, TcpOptions } from "./build.ts";
export {
  fillChecksums,
  foldChecksum,
  internetChecksum,
  pseudoHeaderSum,
  sumWords,
  verifyChecksums,
} from "./checksum.ts";
export type { ChecksumReport } from "./checksum.ts";
export { decodePacket } from "./decode.ts";
export type { DecodedPacket, IcmpHeader, IpHeader, TcpHeader, UdpHeader } from "./decode.ts";
export { describePacket, HEAD_BYTES } from "./describe.ts";
export type { PacketDescription } from "./describe.ts";
export { markCongestion } from "./ecn.ts";
export type {
  BeginEvent,
  Cause,
  Copy,
  Direction,
  EndEvent,
  Fate,
  LinkCounts,
  LinkEvent,
  PacketEvent,
  SetEvent,
} from "./event.ts";
export {
  ip4FragmentOffset,
  ip4HeaderLength,
  ip4Id,
  ip4IsFragment,
  ip4MoreFragments,
  ipLength,
  ipProtocol,
  ipTrafficClass,
  ipVersion,
  PROTOCOL,
  readU16,
  readU32,
  writeU16,
  writeU32,
} from "./fields.ts";
export { fragment4, fragment6 } from "./fragment.ts";
export { Layout } from "./layout.ts";
export { PcapReader, readPcap } from "./pcap_read.ts";
export type { PcapRecord } from "./pcap_read.ts";
export {
  LINKTYPE_RAW,
  PCAP_RECORD_HEADER,
  pcapHeader,
  pcapRecord,
  SNAPLEN,
  writePcapRecordHeader,
} from "./pcap_write.ts";
export type { PcapPacket } from "./pcap_write.ts";
