import { internetChecksum } from "./checksum.ts";
import {
  ip4FragmentOffset,
  ip4HeaderLength,
  ip4MoreFragments,
  writeU16,
  writeU32,
} from "./fields.ts";
import { Layout } from "./layout.ts";

/**
 * An IPv4 packet cut to fit an MTU (RFC 791 3.2), in order; the packet itself if it fits. Fragments
 * may be cut again. Options are copied into every fragment.
 *
 * @throws {RangeError} if this is no IPv4 packet, or the MTU has no room for 8 bytes of data.
 */
export function fragment4(packet: Uint8Array, mtu: number): Uint8Array[] {
  const layout = new Layout();
  if (!layout.read(packet, 0, packet.length) || layout.version !== 4) {
    throw new RangeError("Give a whole IPv4 packet to cut into fragments");
  }
  if (packet.length <= mtu) return [packet];
  const header = ip4HeaderLength(packet, 0);
  const room = (mtu - header) & ~7;
  if (room < 8) throw new RangeError(`Choose an MTU of at least ${header + 8}, not ${mtu}`);
  const first = ip4FragmentOffset(packet, 0);
  const more = ip4MoreFragments(packet, 0);
  const data = packet.subarray(header, layout.length);
  const fragments: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += room) {
    const part = data.subarray(at, at + room);
    const bytes = new Uint8Array(header + part.length);
    bytes.set(packet.subarray(0, header));
    bytes.set(part, header);
    writeU16(bytes, 2, bytes.length);
    const last = at + room >= data.length;
    writeU16(bytes, 6, ((first + at) >> 3) | (last && !more ? 0 : 0x2000));
    writeU16(bytes, 10, 0);
    writeU16(bytes, 10, internetChecksum(bytes, 0, header));
    fragments.push(bytes);
  }
  return fragments;
}

/** IPv6's header, and the header of each fragment behind it (RFC 8200 4.5). */
const HEADER6 = 40, FRAGMENT_HEADER = 8, FRAGMENT = 44;

/**
 * An IPv6 packet without extension headers cut to fit an MTU, as its sender cuts it, in order; the packet
 * itself if it fits. `id` is the identification that all parts carry.
 *
 * @throws {RangeError} if this is no such packet, or the MTU has no room for 8 bytes of data.
 */
export function fragment6(packet: Uint8Array, mtu: number, id: number): Uint8Array[] {
  const layout = new Layout();
  if (
    !layout.read(packet, 0, packet.length) || layout.version !== 6 ||
    layout.transport !== HEADER6 || layout.protocol === FRAGMENT
  ) {
    throw new RangeError(
      "Give a whole IPv6 packet without extension headers to cut into fragments",
    );
  }
  if (packet.length <= mtu) return [packet];
  const front = HEADER6 + FRAGMENT_HEADER;
  const room = (mtu - front) & ~7;
  if (room < 8) throw new RangeError(`Choose an MTU of at least ${front + 8}, not ${mtu}`);
  const data = packet.subarray(HEADER6, layout.length);
  const fragments: Uint8Array[] = [];
  for (let at = 0; at < data.length; at += room) {
    const part = data.subarray(at, at + room);
    const bytes = new Uint8Array(front + part.length);
    bytes.set(packet.subarray(0, HEADER6));
    writeU16(bytes, 4, FRAGMENT_HEADER + part.length);
    bytes[6] = FRAGMENT;
    bytes[HEADER6] = layout.protocol;
    writeU16(bytes, HEADER6 + 2, at | (at + room < data.length ? 1 : 0));
    writeU32(bytes, HEADER6 + 4, id);
    bytes.set(part, front);
    fragments.push(bytes);
  }
  return fragments;
}
