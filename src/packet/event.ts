/**
 * The record of a run, as the link writes it: the lines of `events.jsonl`, version 1.
 *
 * Times are microseconds since the run's `begin` on the link's monotonic clock. Addresses are
 * `ip:port` (`[ip]:port` for IPv6), for ICMP the bare `ip`.
 */

/** `up` leads towards the server, `down` towards the clients. */
export type Direction = "up" | "down";

/** What became of one packet. A packet lost after all its draws for lack of room is `lost` too, with cause `limit`. */
export type Fate = "delivered" | "lost" | "duplicated";

/** Why a packet met the fate it met, where it was not simply delivered. `end`: the run ended with it queued. */
export type Cause = "loss" | "duplicate" | "script" | "limit" | "end";

/** One copy of a packet leaving the link. */
export interface Copy {
  /** When it left, in microseconds since `begin`. */
  at_us: number;
  /** Whether the link flipped a bit in it. */
  corrupted: boolean;
  /** Where that bit lies in the Ethernet header, so that the packet arrives unharmed all the same. */
  harmless?: true;
}

/** One packet that met the model, with its fate; written once all its copies have left, or once it is known to be lost. */
export interface PacketEvent {
  v: 1;
  ev: "packet";
  /** Its place in its direction, from 1. */
  n: number;
  dir: Direction;
  /** When it came to the link. */
  t_us: number;
  src: string;
  dst: string;
  proto: "udp" | "tcp" | "icmp";
  /** Bytes of the IP packet. */
  len: number;
  /** IPv4's identification; of IPv6 that of a fragment, else absent. */
  ip_id?: number;
  /** Present on fragments: offset in bytes, and whether more follow. Only offset 0 carries udp/tcp/icmp. */
  fragment?: { offset: number; more: boolean };
  /** Bytes of the UDP payload (of the whole datagram, on its first fragment). */
  udp?: { len: number };
  /** `flags` of F S R P A U E C in the order of the header from FIN; `len` bytes of payload. */
  tcp?: { flags: string; seq: number; ack: number; win: number; len: number };
  icmp?: { type: number; code: number; id: number; seq: number };
  /** Base64 of the first 64 payload bytes; absent where there are none. */
  head?: string;
  fate: Fate;
  copies: Copy[];
  cause?: Cause;
  /** Present and true where the model chose this packet to overtake the queue. */
  reordered?: true;
  /** Present and true where an ECN mark stood in for a loss. */
  marked?: true;
}

/** Packets counted in one direction since `begin`. seen = delivered's originals + lost + queued. */
export interface LinkCounts {
  /** Packets that came to the link. */
  seen: number;
  /** Copies that left it, duplicates included. */
  delivered: number;
  /** Packets of which no copy left, or will: by loss, script, a full queue, or the end of the run. */
  lost: number;
  /** Copies that the model added. */
  duplicated: number;
  corrupted: number;
  /** Packets that the model chose to overtake the queue. */
  reordered: number;
  /** Copies refused because the queue was full. */
  dropped_full: number;
}

/** A run begins. Profiles and scripts are canonical text; seeds stand in the profiles. */
export interface BeginEvent {
  v: 1;
  ev: "begin";
  epoch: number;
  /** Wall-clock time, RFC 3339. */
  started: string;
  driver: "tc" | "tun";
  /** With `tc`: the kernel whose netem it is, and the version of the tools that set it. */
  kernel?: string;
  iproute2?: string;
  /** Why it is this driver and no other, or what it cannot do, in a clause; absent where there is nothing to say. */
  why?: string;
  server: string;
  /** The server's IPv6 address, where it has one that meets the model. */
  server6?: string;
  mtu: number;
  congestion: string;
  up: { profile: string; script: string };
  down: { profile: string; script: string };
}

/** The profile or script changed while running. */
export interface SetEvent {
  v: 1;
  ev: "set";
  t_us: number;
  up: { profile: string; script: string };
  down: { profile: string; script: string };
}

/** The run is over: what was counted, and how many packets the record could not keep up with (0 but under overload). */
export interface EndEvent {
  v: 1;
  ev: "end";
  t_us: number;
  up: LinkCounts;
  down: LinkCounts;
  missed: number;
}

/** A line of `events.jsonl`. */
export type LinkEvent = BeginEvent | SetEvent | PacketEvent | EndEvent;
