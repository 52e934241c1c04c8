/**
 * Packets as bytes and as records: headers of IPv4, IPv6, TCP, UDP and ICMP, pcap files, events.
 * @module
 */
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
