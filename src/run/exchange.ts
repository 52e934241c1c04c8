/**
 * The types of an exchange: a request of a client's and what came of it.
 */
import type { Cause, PacketEvent } from "../packet/mod.ts";
import type { Datagram } from "./datagram.ts";

/**
 * What came of a request.
 *
 * - `answered`: an answer reached the client, in time or late
 * - `lost_up`, `lost_down`: the request, or every answer to it, was lost in the link
 * - `corrupted_up`, `corrupted_down`: it arrived damaged, and the receiver's checksum dropped it
 * - `unanswered`: it reached the server, and no answer came back
 */
export type ExchangeOutcome =
  | "answered"
  | "lost_up"
  | "lost_down"
  | "corrupted_up"
  | "corrupted_down"
  | "unanswered";

/** A request with its answer, as the link saw them. */
export interface Exchange {
  /** Its place among all requests by when they came to the link, from 1; 0 until known. */
  number: number;
  client: string;
  server: string;
  proto: "udp" | "icmp";
  /** Bytes of the request's payload. */
  bytes: number;
  /** When the request came to the link, in microseconds since `begin`. */
  sent_us: number;
  /** Null while it is open. */
  outcome: ExchangeOutcome | null;
  /** Why the request or its answer was lost; null if none was. */
  cause: Cause | null;
  /** From the request's coming to the link to the answer's leaving it, in microseconds. */
  rtt_us: number | null;
  /** Whether the answer came after the client's time limit. */
  late: boolean;
  /** Whether its answer reached the client after the answer to a later request. */
  reordered: boolean;
  /** Whole copies of the request that reached the server. */
  requests_arrived: number;
  /** Answers that reached the client, copies included: more than 1 are duplicates. */
  answers_arrived: number;
  /** The packets of the request and its answers; past 10,000 exchanges, empty where all went well. */
  packets: PacketEvent[];
}

/**
 * News of an exchange.
 *
 * - `settled`: what came of it is known
 * - `answered_after_all`: an answer came though the exchange was settled otherwise
 * - `overtaken`: found later that its answer came after the answer to a later request
 * - `duplicate`: one more answer reached the client, `rtt_us` after the request
 * - `stray`: the server sent what answers no request
 */
export type ExchangeNotice =
  | { kind: "settled" | "answered_after_all" | "overtaken"; exchange: Exchange }
  | { kind: "duplicate"; exchange: Exchange; rtt_us: number }
  | { kind: "stray"; datagram: Datagram };
