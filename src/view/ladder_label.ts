import { decodeBase64 } from "../packet/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";

/** The longest piece of payload that a label shows. */
const EXCERPT = 16;
const FLAG_NAMES: Readonly<Record<string, string>> = {
  S: "SYN",
  F: "FIN",
  R: "RST",
  P: "PSH",
  U: "URG",
  A: "ACK",
};
/** ICMP and ICMPv6 alike: their echo numbers do not collide. */
const ICMP_NAMES: Readonly<Record<number, string>> = {
  0: "echo reply",
  8: "echo request",
  128: "echo request",
  129: "echo reply",
};

/**
 * Says in a few words what each packet of an exchange is. TCP's numbers are counted from the
 * first of the connection that it was shown, as Wireshark does, so show packets in order.
 */
export class Labels {
  /** Per `src>dst`, the sequence number that counts as 0. */
  #bases: Map<string, number>;
  /** Per direction, what follows the last number that was sent. */
  #sent = new Map<string, number>();

  /** @param origins Numbers that count as 0, where the first packets are not shown. */
  constructor(origins: Readonly<Record<string, number>> = {}) {
    this.#bases = new Map(Object.entries(origins));
  }

  /** What to write beside the packet, the fullest text first; the last is the tersest. */
  of(packet: PacketEvent): string[] {
    if (packet.fragment && packet.fragment.offset > 0) {
      return [`fragment at ${packet.fragment.offset}`, "fragment"];
    }
    if (packet.udp) return udpLabels(packet, packet.udp.len);
    if (packet.tcp) return this.#tcpLabels(packet, packet.tcp);
    if (packet.icmp) {
      const { type, seq } = packet.icmp;
      const name = ICMP_NAMES[type];
      return [name ? `${name} ${seq}` : `ICMP type ${type}`];
    }
    return [packet.proto.toUpperCase()];
  }

  #tcpLabels(packet: PacketEvent, tcp: NonNullable<PacketEvent["tcp"]>): string[] {
    const syn = tcp.flags.includes("S");
    const seq = this.#relative(`${packet.src}>${packet.dst}`, tcp.seq, syn ? 0 : 1, syn);
    const ack = tcp.flags.includes("A")
      ? ` ack ${this.#relative(`${packet.dst}>${packet.src}`, tcp.ack, 1, false)}`
      : "";
    const again = this.#isRepeated(`${packet.src}>${packet.dst}`, seq, tcp) ? " (again)" : "";
    const names = ["S", "F", "R", "P", "U", "A"].filter((flag) => tcp.flags.includes(flag))
      .map((flag) => FLAG_NAMES[flag]).join(" ");
    const length = tcp.len > 0 ? ` len ${tcp.len}` : "";
    const full = `${names} seq ${seq}${ack}${length}`;
    const text = tcp.len > 0 ? excerpt(packet.head) : "";
    return [
      ...(text ? [`${full} "${text}"${again}`] : []),
      full + again,
      `${names}${tcp.len > 0 ? ` seq ${seq}${length}` : ack}${again}`,
      ...(tcp.len > 0 ? [`seq ${seq}${length}${again}`] : []),
      names + again,
    ];
  }

  /** Whether it holds what had been sent before; notes what it holds. */
  #isRepeated(direction: string, seq: number, tcp: NonNullable<PacketEvent["tcp"]>): boolean {
    const flags = tcp.flags.includes("S") ? 1 : 0;
    const end = seq + tcp.len + (tcp.flags.includes("F") ? 1 : flags);
    const sent = this.#sent.get(direction) ?? 0;
    this.#sent.set(direction, Math.max(sent, end));
    return end > seq && seq < sent && !tcp.flags.includes("R");
  }

  /** A number counted from the base of its direction; without one, `first` is what it counts as. */
  #relative(direction: string, value: number, first: number, restart: boolean): number {
    let base = this.#bases.get(direction);
    if (base === undefined || restart) {
      // A SYN with another number begins another connection, of which nothing has been sent.
      if (base !== value - first) this.#sent.delete(direction);
      base = value - first;
      this.#bases.set(direction, base);
    }
    return (value - base) >>> 0;
  }
}

function udpLabels(packet: PacketEvent, length: number): string[] {
  if (length === 0) return ["(empty)"];
  const text = excerpt(packet.head);
  const terse = text.replace(/ ?…$/, "");
  // The head shows 64 bytes: of anything longer the size is worth telling.
  return [
    ...(length > 64 ? [`${text} ${length} B`] : []),
    text,
    ...(terse === text ? [] : [terse]),
  ];
}

/** The beginning of a payload as printable ASCII, cut at a word where there is one. */
function excerpt(head: string | undefined): string {
  const bytes = decodeBase64(head ?? "");
  let text = "";
  for (const byte of bytes) {
    const shown = printable(byte);
    if (text.length + shown.length > EXCERPT) {
      const word = text.lastIndexOf(" ");
      return word > 0 ? `${text.slice(0, word)} …` : `${text.slice(0, EXCERPT - 1)}…`;
    }
    text += shown;
  }
  return text;
}

function printable(byte: number): string {
  if (byte === 0x0a) return "\\n";
  if (byte === 0x0d) return "\\r";
  if (byte === 0x09) return "\\t";
  return byte >= 0x20 && byte < 0x7f
    ? String.fromCharCode(byte)
    : `\\x${byte.toString(16).padStart(2, "0")}`;
}
