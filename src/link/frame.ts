/**
 * What the packet thread reads and changes in a packet, in place and without allocating; `frame6.ts` says it of IPv6.
 */
import { headerLength6, isEcnCapable6, isFrom6, isMulticast6, meetsModel6 } from "./frame6.ts";

const tcp = 6, udp = 17, icmp = 1;
const echoReply = 0, echoRequest = 8;

/** Looks at packets from the point of view of one server. */
export class Frame {
  readonly #server: Uint8Array;
  readonly #server6: Uint8Array;

  /**
   * @param server The server's IPv4 address, 4 bytes.
   * @param server6 Its IPv6 address, 16 bytes, where it has one.
   */
  constructor(server: Uint8Array, server6: Uint8Array = new Uint8Array(16)) {
    this.#server = server;
    this.#server6 = server6;
  }

  /** Whether it is an IPv6 packet. */
  isSix(bytes: Uint8Array): boolean {
    return bytes[0]! >> 4 === 6;
  }

  /** Whether the packet's source is the server. */
  isFromServer(bytes: Uint8Array): boolean {
    if (this.isSix(bytes)) return isFrom6(bytes, this.#server6);
    const server = this.#server;
    return bytes[12] === server[0] && bytes[13] === server[1] && bytes[14] === server[2] &&
      bytes[15] === server[3];
  }

  /** Whether the packet is nobody's: neither the server's nor for it, but the tun device's own. */
  isStray(bytes: Uint8Array): boolean {
    return this.isSix(bytes) && isMulticast6(bytes);
  }

  /** Whether the packet is the lab's own: TCP, UDP or ICMP echo. ICMP errors pass untouched. */
  meetsModel(bytes: Uint8Array, length: number): boolean {
    if (length < 20) return false;
    if (bytes[0]! >> 4 !== 4) return this.isSix(bytes) && meetsModel6(bytes, length);
    const protocol = bytes[9]!;
    if (protocol === udp || protocol === tcp) return true;
    if (protocol !== icmp) return false;
    const isLaterFragment = ((bytes[6]! & 0x1f) | bytes[7]!) !== 0;
    if (isLaterFragment) return true;
    const type = bytes[(bytes[0]! & 15) * 4];
    return type === echoRequest || type === echoReply;
  }

  /** Whether the sender would understand a congestion mark (RFC 3168, section 5): ECT(0) or ECT(1). */
  isEcnCapable(bytes: Uint8Array): boolean {
    if (this.isSix(bytes)) return isEcnCapable6(bytes);
    const ecn = bytes[1]! & 3;
    return ecn === 1 || ecn === 2;
  }

  /** Marks congestion experienced. */
  markCongestion(bytes: Uint8Array): void {
    if (this.isSix(bytes)) {
      bytes[1] = bytes[1]! | 0x30;
      return;
    }
    const before = (bytes[0]! << 8) | bytes[1]!;
    bytes[1] = bytes[1]! | 3;
    this.#updateChecksum(bytes, before, (bytes[0]! << 8) | bytes[1]!);
  }

  /** Takes back the hop that routing into the tun device cost, so that the server sees what the client sent. */
  restoreTimeToLive(bytes: Uint8Array): void {
    if (this.isSix(bytes)) {
      if (bytes[7] !== 255) bytes[7]!++;
      return;
    }
    const before = (bytes[8]! << 8) | bytes[9]!;
    if (bytes[8] === 255) return;
    bytes[8]!++;
    this.#updateChecksum(bytes, before, (bytes[8]! << 8) | bytes[9]!);
  }

  /** RFC 1624, equation 3: HC' = ~(~HC + ~m + m'). */
  #updateChecksum(bytes: Uint8Array, before: number, after: number): void {
    let sum = (~((bytes[10]! << 8) | bytes[11]!) & 0xffff) + (~before & 0xffff) + after;
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    const checksum = ~sum & 0xffff;
    bytes[10] = checksum >> 8;
    bytes[11] = checksum & 0xff;
  }

  /**
   * Which bit of the packet a random number picks: one behind the IP header, for a flip inside it would be a
   * loss, not a corruption.
   */
  bitOf(bytes: Uint8Array, length: number, random: number): number {
    const header = this.isSix(bytes) ? headerLength6(bytes) : 20;
    return length <= header ? 0 : header * 8 + random % ((length - header) * 8);
  }

  /** Flips that bit; doing it again undoes it. */
  flip(bytes: Uint8Array, length: number, random: number): void {
    const bit = this.bitOf(bytes, length, random);
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  }
}
