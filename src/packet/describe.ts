import { formatAddress4, formatAddress6 } from "./address.ts";
import { encodeBase64 } from "./base64.ts";
import type { PacketEvent } from "./event.ts";
import { PROTOCOL, readU16, readU32 } from "./fields.ts";
import { Layout } from "./layout.ts";

/** How many payload bytes an event carries. */
export const HEAD_BYTES = 64;

/** What of a `PacketEvent` the packet itself tells. */
export type PacketDescription = Pick<
  PacketEvent,
  "src" | "dst" | "proto" | "len" | "ip_id" | "fragment" | "udp" | "tcp" | "icmp" | "head"
>;

/** Letters of each value of TCP's flag byte, from FIN: `SA` for a SYN with ACK. */
const FLAGS = Array.from(
  { length: 256 },
  (_, bits) => [..."FSRPAUEC"].filter((_, i) => bits & (1 << i)).join(""),
);

const layout = new Layout();

/**
 * The descriptive fields of a packet's event, from the packet of at most `length` bytes at
 * `offset`; one fresh object, made to be called for every packet.
 *
 * A fragment after the first has bare addresses and neither header fields nor `head`, for its
 * ports stand in the first; so has a packet whose transport header is cut short. `icmp.id` and
 * `icmp.seq` mean something in echo messages only. Null for anything but UDP, TCP and ICMP
 * (ICMPv6 included) in a well-formed IPv4 or IPv6 packet.
 */
export function describePacket(
  bytes: Uint8Array,
  offset: number,
  length: number,
): PacketDescription | null {
  if (!layout.read(bytes, offset, length)) return null;
  const at = layout.transport;
  const six = layout.version === 6;
  let src = six ? formatAddress6(bytes, offset + 8) : formatAddress4(bytes, offset + 12);
  let dst = six ? formatAddress6(bytes, offset + 24) : formatAddress4(bytes, offset + 16);
  const whole = layout.payload >= 0;
  const protocol = layout.protocol;
  const proto = protocol === PROTOCOL.udp
    ? "udp"
    : protocol === PROTOCOL.tcp
    ? "tcp"
    : protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmp6
    ? "icmp"
    : null;
  if (proto === null) return null;
  if (whole && proto !== "icmp") {
    src = (six ? "[" + src + "]:" : src + ":") + readU16(bytes, at);
    dst = (six ? "[" + dst + "]:" : dst + ":") + readU16(bytes, at + 2);
  }
  const described: PacketDescription = {
    src,
    dst,
    proto,
    len: layout.length,
  };
  const fragmented = layout.moreFragments || layout.fragmentOffset > 0;
  if (!six || fragmented) described.ip_id = layout.id;
  if (fragmented) {
    described.fragment = { offset: layout.fragmentOffset, more: layout.moreFragments };
  }
  if (!whole) return described;
  if (proto === "udp") {
    described.udp = { len: Math.max(0, readU16(bytes, at + 4) - 8) };
  } else if (proto === "tcp") {
    described.tcp = {
      flags: FLAGS[bytes[at + 13]!]!,
      seq: readU32(bytes, at + 4),
      ack: readU32(bytes, at + 8),
      win: readU16(bytes, at + 14),
      len: layout.payloadLength,
    };
  } else {
    described.icmp = {
      type: bytes[at]!,
      code: bytes[at + 1]!,
      id: readU16(bytes, at + 4),
      seq: readU16(bytes, at + 6),
    };
  }
  const head = Math.min(HEAD_BYTES, layout.payloadHeld);
  if (head > 0) described.head = encodeBase64(bytes, layout.payload, layout.payload + head);
  return described;
}
