/**
 * Packet events as a link would write them, for tests of what is told from them.
 */
import { type Cause, type Direction, type PacketEvent, splitPort } from "../packet/mod.ts";

/** The addresses of the events. */
export const CLIENT = "10.77.0.2:40000", SERVER = "10.77.0.1:12000";

/** What of an event a test decides; times in milliseconds. */
export interface EventOptions {
  /** When each copy leaves the link; none: lost. */
  arrivals?: number[];
  /** Whether every copy is damaged. Default false. */
  damaged?: boolean;
  cause?: Cause;
  client?: string;
  fields?: Partial<PacketEvent>;
}

/** The same of IPv6. */
export const CLIENT6 = "[fd00:77::2]:40000", SERVER6 = "[fd00:77::1]:12000";

/** Writes events, counting packets in each direction. */
export class EventWriter {
  #next = { up: 1, down: 1 };
  readonly #six: boolean;

  /** @param six Whether the packets are IPv6's. Default false. */
  constructor(six = false) {
    this.#six = six;
  }

  /** The event of a datagram with this payload that came to the link at `ms`. */
  packet(way: [Direction, number], text: string, options: EventOptions = {}): PacketEvent {
    const [dir, ms] = way;
    const { arrivals = [], damaged = false, client = this.#six ? CLIENT6 : CLIENT } = options;
    const server = this.#six ? SERVER6 : SERVER;
    const lost = arrivals.length === 0;
    return {
      v: 1,
      ev: "packet",
      n: this.#next[dir]++,
      dir,
      t_us: ms * 1000,
      src: dir === "up" ? client : server,
      dst: dir === "up" ? server : client,
      proto: "udp",
      len: (this.#six ? 48 : 28) + text.length,
      ...(this.#six ? {} : { ip_id: 0 }),
      udp: { len: text.length },
      ...(text ? { head: btoa(text.slice(0, 64)) } : {}),
      fate: lost ? "lost" : arrivals.length > 1 ? "duplicated" : "delivered",
      copies: arrivals.map((ms) => ({ at_us: ms * 1000, corrupted: damaged })),
      ...(lost ? { cause: options.cause ?? "loss" } : {}),
      ...options.fields,
    };
  }

  /** The events of a datagram of `bytes` cut to 1500-byte packets; `lost` names parts, from 0. */
  fragments(
    way: [Direction, number],
    bytes: number,
    options: { id: number; text: string; arrival: number; lost?: number[]; copies?: number },
  ): PacketEvent[] {
    const data = bytes + 8;
    const [header, room] = this.#six ? [48, 1448] : [20, 1480];
    return Array.from({ length: Math.ceil(data / room) }, (_, i) => {
      const offset = i * room;
      const arrivals = new Array<number>(options.copies ?? 1).fill(options.arrival)
        .map((ms, copy) => ms + i * 0.01 + copy);
      const part = this.packet(way, options.text, {
        arrivals: options.lost?.includes(i) ? [] : arrivals,
        fields: {
          len: header + Math.min(room, data - offset),
          ip_id: options.id,
          udp: { len: bytes },
          fragment: { offset, more: offset + room < data },
        },
      });
      if (i === 0) return part;
      const { udp: _udp, head: _head, ...later } = part;
      return { ...later, src: splitPort(part.src).address, dst: splitPort(part.dst).address };
    });
  }
}

/** The lab's rule: a-z become A-Z. */
export function upper(head: Uint8Array): Uint8Array {
  return head.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}
