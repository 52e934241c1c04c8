/**
 * Segments of TCP as a link would write them, for tests of what is told from them.
 */
import type { Cause, Direction, PacketEvent } from "../packet/mod.ts";
import { EventWriter } from "./events_for_test.ts";

/** What of a segment a test decides; numbers are counted from the SYNs. */
export interface SegmentOptions {
  seq?: number;
  ack?: number;
  text?: string;
  /** Bytes of data, where the text is not all. */
  bytes?: number;
  /** When each copy leaves the link, in milliseconds; none: lost. Default: after the delay. */
  arrivals?: number[];
  damaged?: boolean;
  /** Why no copy leaves. Default `loss`. */
  cause?: Cause;
  client?: string;
}

/** Writes the segments of connections, each direction's numbers from near the end of what 32 bits hold. */
export class SegmentWriter {
  readonly #events = new EventWriter();
  readonly #origins: Record<Direction, number>;
  readonly #delay: number;

  /** @param delay One-way, in milliseconds. Default 50. */
  constructor(delay = 50, origins: Record<Direction, number> = { up: 2 ** 32 - 4, down: 5000 }) {
    this.#delay = delay;
    this.#origins = origins;
  }

  /** The event of a segment with these flags (as `SA`) that came to the link at `ms`. */
  segment(
    [dir, ms]: [Direction, number],
    flags: string,
    options: SegmentOptions = {},
  ): PacketEvent {
    const { seq = 0, ack = 0, text = "", bytes = text.length } = options;
    const arrivals = options.arrivals ?? [ms + this.#delay];
    const back = dir === "up" ? "down" : "up";
    const event = this.#events.packet([dir, ms], text, {
      arrivals,
      ...(options.damaged && { damaged: true }),
      ...(options.cause !== undefined && { cause: options.cause }),
      ...(options.client !== undefined && { client: options.client }),
    });
    const { udp: _udp, ...rest } = event;
    return {
      ...rest,
      proto: "tcp",
      len: 52 + bytes,
      tcp: {
        flags,
        seq: (this.#origins[dir] + seq) >>> 0,
        ack: flags.includes("A") ? (this.#origins[back] + ack) >>> 0 : 0,
        win: 65535,
        len: bytes,
      },
    };
  }

  /** The three segments that open a connection, the first of them sent at `ms`. */
  opening(ms: number, client?: string): PacketEvent[] {
    const of = client === undefined ? {} : { client };
    const trip = 2 * this.#delay;
    return [
      this.segment(["up", ms], "S", of),
      this.segment(["down", ms + this.#delay], "SA", { ack: 1, ...of }),
      this.segment(["up", ms + trip], "A", { seq: 1, ack: 1, ...of }),
    ];
  }
}
