/**
 * What the packet thread reads and changes in an IPv4 packet, in place and without allocating.
 */

const tcp = 6, udp = 17, icmp = 1;
const echoReply = 0, echoRequest = 8;

/** Looks at IPv4 packets from the point of view of one server. */
export class Frame {
  readonly #server: [number, number, number, number];

  /** @param server The server's IPv4 address. */
  constructor(server: string) {
    const parts = server.split(".").map(Number);
    this.#server = [parts[0]!, parts[1]!, parts[2]!, parts[3]!];
  }

  /** Whether the packet's source is the server. */
  isFromServer(bytes: Uint8Array): boolean {
    const server = this.#server;
    return bytes[12] === server[0] && bytes[13] === server[1] && bytes[14] === server[2] &&
      bytes[15] === server[3];
  }

  /** Whether the packet is the lab's own: TCP, UDP or ICMP echo, over IPv4. ICMP errors pass untouched. */
  meetsModel(bytes: Uint8Array, length: number): boolean {
    if (length < 20 || bytes[0]! >> 4 !== 4) return false;
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
    const ecn = bytes[1]! & 3;
    return ecn === 1 || ecn === 2;
  }

  /** Marks congestion experienced. */
  markCongestion(bytes: Uint8Array): void {
    const before = (bytes[0]! << 8) | bytes[1]!;
    bytes[1] = bytes[1]! | 3;
    this.#updateChecksum(bytes, before, (bytes[0]! << 8) | bytes[1]!);
  }

  /** Takes back the hop that routing into the tun device cost, so that the server sees what the client sent. */
  restoreTimeToLive(bytes: Uint8Array): void {
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
  bitOf(length: number, random: number): number {
    const header = 20;
    return length <= header ? 0 : header * 8 + random % ((length - header) * 8);
  }

  /** Flips that bit; doing it again undoes it. */
  flip(bytes: Uint8Array, length: number, random: number): void {
    const bit = this.bitOf(length, random);
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
  }
}
