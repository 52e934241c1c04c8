/** The most bytes of a packet that a capture keeps; more than any IP packet has. */
export const SNAPLEN = 262_144;
/** LINKTYPE_RAW: each record is an IPv4 or IPv6 packet, without a link header. */
export const LINKTYPE_RAW = 101;
/** Bytes of the header in front of each record. */
export const PCAP_RECORD_HEADER = 16;

/** The 24 bytes that begin a pcap file: version 2.4, microseconds, little-endian, raw IP. */
export function pcapHeader(): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, SNAPLEN, true);
  view.setUint32(20, LINKTYPE_RAW, true);
  return bytes;
}

function writeU32Little(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** One packet of a capture. */
export interface PcapPacket {
  bytes: Uint8Array;
  /** Microseconds since 1970-01-01 UTC. */
  timeUs: number;
  /** Bytes it had on the wire. Default: those of `bytes`. */
  originalLength?: number;
}

/**
 * Writes a record's 16-byte header into a buffer at an offset, for a writer with a buffer of its
 * own; `packet.length` bytes (at most `SNAPLEN`) must follow. Allocates nothing.
 */
export function writePcapRecordHeader(
  into: Uint8Array,
  at: number,
  packet: { timeUs: number; length: number; originalLength: number },
): void {
  const seconds = Math.floor(packet.timeUs / 1e6);
  writeU32Little(into, at, seconds);
  writeU32Little(into, at + 4, Math.floor(packet.timeUs - seconds * 1e6));
  writeU32Little(into, at + 8, packet.length);
  writeU32Little(into, at + 12, packet.originalLength);
}

/** One record: header and packet, cut to `SNAPLEN` bytes. */
export function pcapRecord(packet: PcapPacket): Uint8Array {
  const length = Math.min(packet.bytes.length, SNAPLEN);
  const record = new Uint8Array(PCAP_RECORD_HEADER + length);
  const originalLength = packet.originalLength ?? packet.bytes.length;
  writePcapRecordHeader(record, 0, { timeUs: packet.timeUs, length, originalLength });
  record.set(packet.bytes.subarray(0, length), PCAP_RECORD_HEADER);
  return record;
}
