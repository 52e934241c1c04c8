/**
 * Datagrams out of packet events: fragments put together again, as a receiver would.
 */
import type { Cause, Direction, PacketEvent } from "../packet/mod.ts";
import { splitPort } from "../packet/mod.ts";

/** A datagram (or an ICMP message) with what became of it. */
export interface Datagram {
  dir: Direction;
  /** Place in its direction of its first packet. */
  n: number;
  /** When its first packet came to the link, in microseconds since `begin`. */
  t_us: number;
  proto: PacketEvent["proto"];
  src: string;
  dst: string;
  /** Bytes of its payload. */
  bytes: number;
  /** Base64 of the first payload bytes; empty where there are none. */
  head: string;
  icmp: PacketEvent["icmp"] | null;
  /** When each whole and undamaged copy had arrived, ascending, in microseconds. */
  arrivals: number[];
  /** Whether all that arrived of it was damaged, so that the receiver's checksum dropped it. */
  damaged: boolean;
  /** Why it was lost, if it was. */
  cause: Cause | null;
  packets: PacketEvent[];
}

/** Fragments of one datagram so far. */
interface Parts {
  packets: PacketEvent[];
  /** Bytes of data that the packets hold. */
  held: number;
  /** Bytes of data of the whole; infinite until its last fragment is known. */
  whole: number;
}

/** Puts fragments together by identification and addresses (RFC 791 2.3), fed event by event. */
export class Reassembly {
  #open = new Map<string, Parts>();

  /** The datagram that this packet completes, or null if more of it is to come. */
  push(packet: PacketEvent): Datagram | null {
    if (!packet.fragment) return toDatagram([packet]);
    const key = `${packet.dir} ${packet.proto} ${host(packet.src)} ${
      host(packet.dst)
    } ${packet.ip_id}`;
    let parts = this.#open.get(key);
    if (!parts) this.#open.set(key, parts = { packets: [], held: 0, whole: Infinity });
    parts.packets.push(packet);
    parts.held += dataBytes(packet);
    if (!packet.fragment.more) parts.whole = packet.fragment.offset + dataBytes(packet);
    if (parts.held < parts.whole) return null;
    this.#open.delete(key);
    return toDatagram(parts.packets);
  }

  /** The datagrams of which parts never came, as lost; without its first part one is not known. */
  flush(): Datagram[] {
    const rest = [...this.#open.values()].map((parts) => toDatagram(parts.packets));
    this.#open.clear();
    return rest.filter((datagram) => datagram !== null)
      .map((datagram) => ({ ...datagram, arrivals: [], damaged: false }));
  }
}

/** Null without a first part, for nothing else tells the ports. */
function toDatagram(packets: PacketEvent[]): Datagram | null {
  const first = packets.find((packet) => (packet.fragment?.offset ?? 0) === 0);
  if (!first) return null;
  const good = packets.map(({ copies }) =>
    copies.filter((copy) => !copy.corrupted || copy.harmless).map((copy) => copy.at_us)
      .sort((a, b) => a - b)
  );
  // A second datagram takes a second copy of every part; it is there once the last of them is.
  const whole = Math.min(...good.map((times) => times.length));
  const arrivals = Array.from(
    { length: whole },
    (_, copy) => good.reduce((latest, times) => Math.max(latest, times[copy]!), 0),
  );
  const lost = packets.find((packet) => packet.copies.length === 0);
  return {
    dir: first.dir,
    n: first.n,
    t_us: packets.reduce((earliest, packet) => Math.min(earliest, packet.t_us), Infinity),
    proto: first.proto,
    src: first.src,
    dst: first.dst,
    bytes: first.udp?.len ?? packets.reduce((sum, packet) => sum + dataBytes(packet), 0) - 8,
    head: first.head ?? "",
    icmp: first.icmp ?? null,
    arrivals,
    damaged: whole === 0 && !lost,
    cause: lost ? lost.cause ?? "loss" : null,
    packets,
  };
}

/** An address without its port. */
function host(address: string): string {
  return splitPort(address).address;
}

/** Bytes behind the IP header, which is taken to be without options. */
function dataBytes(packet: PacketEvent): number {
  const six = host(packet.src).includes(":");
  return packet.len - (six ? (packet.fragment ? 48 : 40) : 20);
}
