/**
 * The link's control protocol, version 1: JSON lines on a Unix socket, one answer a request, in order.
 *
 * `events` and `capture` turn their connection into a stream: `events` into the lines of
 * `events.jsonl` (subscribe before `begin` and none is missed), `capture` into the bytes of a pcap
 * file. Both streams go on over runs and end when the caller closes.
 */
import type { LinkCounts } from "../packet/mod.ts";

/** One direction's settings as text: a profile in tc's words (seed included), a script in ours. */
export interface LinkSetting {
  profile: string;
  script: string;
}

/** What a caller may ask. Every request carries `v: 1`; an `id` is echoed. */
export type LinkRequest =
  /** A new run: counters to zero, random numbers from their start. A packet still queued is dropped. */
  | { op: "begin"; up: LinkSetting; down: LinkSetting }
  /** Change settings of the directions given; applies whole, and answers as `show`. */
  | { op: "set"; up?: LinkSetting; down?: LinkSetting }
  | { op: "show" }
  /** Both directions back to a perfect wire. */
  | { op: "reset" }
  /** The run is over: answers with its counts once every event of it has been handed to subscribers. */
  | { op: "end" }
  | { op: "events" }
  /** `client`: the outer side (what clients sent, what reached them); `server`: the inner. */
  | { op: "capture"; side: "client" | "server" }
  /** Answers once something listens on the port, or with `listening: false` and what does listen at the deadline. */
  | { op: "await_listen"; proto: "udp" | "tcp"; port: number; timeout_ms: number };

/** A socket found listening in the server's namespace. */
export interface ListeningSocket {
  proto: "udp" | "tcp";
  address: string;
  port: number;
}

/** The answer to `show`, `begin`, `set` and `reset`. */
export interface LinkState {
  driver: "tc" | "tun";
  epoch: number;
  running: boolean;
  server: string;
  device: string;
  mtu: number;
  congestion: string;
  /** Microseconds since `begin`. */
  t_us: number;
  up: LinkSetting & { counts: LinkCounts; queued: number };
  down: LinkSetting & { counts: LinkCounts; queued: number };
}

/** The answer to `end`. */
export interface LinkEnd {
  up: LinkCounts;
  down: LinkCounts;
  missed: number;
}

/** The answer to `await_listen`. */
export interface ListenReport {
  listening: boolean;
  /** Every socket listening at that moment, so that a wrong port or address can be named. */
  sockets: ListeningSocket[];
}

/** Each answer: `ok` with its fields, or one line of error. */
export type LinkAnswer<T> =
  | ({ v: 1; id?: number; ok: true } & T)
  | { v: 1; id?: number; ok: false; error: string };
