/**
 * The link's control protocol, version 1: JSON lines on a Unix socket, one answer a request, in order.
 *
 * `events` and `capture` turn their connection into a stream: `events` into the lines of
 * `events.jsonl` (subscribe before `begin` and none is missed), `capture` into the bytes of a pcap
 * file. Both streams go on over runs and end when the caller closes.
 */
import type { LinkCounts } from "../packet/mod.ts";
import type { SocketStates } from "./socket_states.ts";
import type { DriverName, DriverReport, DriverWish } from "./driver_choice.ts";

/** One direction's settings as text: a profile in tc's words (seed included), a script in ours. */
export interface LinkSetting {
  profile: string;
  script: string;
}

/** What a caller may ask. Every request carries `v: 1`; an `id` is echoed. */
export type LinkRequest =
  | LinkBegin
  /** Change settings of the directions given; applies whole, and answers as `show`. */
  | { op: "set"; up?: LinkSetting; down?: LinkSetting }
  | { op: "show" }
  /** Both directions back to a perfect wire. */
  | { op: "reset" }
  /**
   * The run is over: answers with its counts once every event of it has been handed to subscribers. For a connection
   * that takes part in a shared run, its own part is over: the run itself where nobody else takes part.
   */
  | { op: "end" }
  | { op: "events" }
  /** `client`: the outer side (what clients sent, what reached them); `server`: the inner. */
  | { op: "capture"; side: "client" | "server" }
  /** Answers once something listens on the port, or with `listening: false` and what does listen at the deadline. */
  | { op: "await_listen"; proto: "udp" | "tcp"; port: number; timeout_ms: number }
  /** Answers with the states of the sockets of TCP in the server's namespace; with `port`, of those of that local port. */
  | { op: "sockets"; port?: number };

/**
 * A new run: counters to zero, random numbers from their start. One under way is ended for it, and a packet still queued
 * is dropped.
 *
 * With `join`, the connection takes part in a shared run: one that is under way, where it was begun with `join` and with
 * the same settings; else a new one. A run in which other connections take part is not ended for one with other settings:
 * that is refused. The settings are the same where, in each direction, the scripts are the same, the
 * profiles are the same but for their seeds, and so is the seed; a profile asked for without a seed, or with
 * `reuse_seeds`, takes any. They are held against those that the run was begun with: what was `set` since is everybody's.
 * A connection takes part until it sends `end` or closes; with the last of them the run ends. A run begun without `join`
 * is nobody's: it lasts until somebody's `end`, and is not joined.
 *
 * With `reuse_seeds`, the seeds asked for were merely drawn: a new run takes those of the last run since the link's start
 * instead, where both profiles were the same but for their seeds. The answer tells what is in force.
 */
export interface LinkBegin extends LinkRunOptions {
  op: "begin";
  up: LinkSetting;
  down: LinkSetting;
}

/** What a run may be told besides what the link does in it. */
export interface LinkRunOptions {
  join?: true;
  reuse_seeds?: true;
  /**
   * The seeds were merely drawn: a driver that cannot follow them leaves them away, and the answer has profiles without.
   * Written ones are refused then. `reuse_seeds` says it as well.
   */
  drawn?: true;
  /** The driver of this run. Absent: the one that the link was started with or, with `auto`, the one that suits the run. */
  driver?: DriverName;
}

/** A socket found listening in the server's namespace. */
export interface ListeningSocket {
  proto: "udp" | "tcp";
  address: string;
  port: number;
}

/** The answer to `show`, `set` and `reset`. */
export interface LinkState extends DriverReport {
  /** What the link was started with. */
  wish: DriverWish;
  epoch: number;
  running: boolean;
  server: string;
  /** The server's IPv6 address, where it has one that meets the model. */
  server6?: string;
  device: string;
  mtu: number;
  congestion: string;
  /** Microseconds since `begin`. */
  t_us: number;
  /**
   * Of `tc`: whether all that was seen since `begin` agrees with what the seeds foretell. False: fates are told as seen, and
   * which of two alike packets was lost is a guess.
   */
  followed?: boolean;
  /** Records since `begin` that were lost to overload. */
  missed: number;
  up: LinkSetting & { counts: LinkCounts; queued: number };
  down: LinkSetting & { counts: LinkCounts; queued: number };
}

/** The answer to `begin`. */
export interface LinkBegun extends LinkState {
  /** Whether the run was under way: its `begin` event has passed, and `t_us` says how long it has lasted. */
  joined: boolean;
}

/** What was counted of a run. */
export interface LinkCounted {
  up: LinkCounts;
  down: LinkCounts;
  missed: number;
}

/** The answer to `end`. */
export interface LinkEnd extends LinkCounted {
  /** Whether this has ended the run. False: others go on and these are the counts so far, or somebody else ended it before. */
  last: boolean;
  /** How many have taken part in a shared run so far, this connection included; 0 in a run that is nobody's. */
  sharers: number;
}

/** The answer to `await_listen`. */
export interface ListenReport {
  listening: boolean;
  /**
   * What listens at that moment, a hundred sockets at most, so that a wrong port or address can be named; those of the
   * other protocol only where nothing listens as it should.
   */
  sockets: ListeningSocket[];
}

/** The answer to `sockets`. */
export interface SocketReport {
  states: SocketStates;
}

/** Each answer: `ok` with its fields, or one line of error; `refused`: another request could be answered, here and now. */
export type LinkAnswer<T> =
  | ({ v: 1; id?: number; ok: true } & T)
  | { v: 1; id?: number; ok: false; error: string; refused?: true };
