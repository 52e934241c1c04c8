/**
 * A TCP connection as the packets on the link tell it: the types.
 */
import type { Cause, Direction } from "../packet/mod.ts";

/** One end of a connection. The client is the one that sent the SYN. */
export type End = "client" | "server";

/** What a segment carries, by what of it takes up sequence numbers: `data` with a FIN behind it is `data`. */
export type SegmentKind = "SYN" | "SYN ACK" | "data" | "FIN";

/** When one end's FIN was sent first, when it arrived, and when that end learnt so; microseconds since `begin`. */
export interface FinTimes {
  sent_us: number | null;
  arrived_us: number | null;
  acked_us: number | null;
  /** Whether it acknowledges the other end's FIN: then that end closed first. */
  knows: boolean;
}

/** When what moves a connection from state to state happened first; microseconds since `begin`, null where it did not. */
export interface ConnectionTimes {
  syn_sent_us: number | null;
  syn_arrived_us: number | null;
  synack_sent_us: number | null;
  synack_arrived_us: number | null;
  /** The first segment of the client's that acknowledges the server's SYN. */
  ack_arrived_us: number | null;
  /** `up` is the client's FIN. */
  fin: Record<Direction, FinTimes>;
  /** The first RST, whoever sent it; `arrived_us` is null where it was lost. */
  reset: { dir: Direction; sent_us: number; arrived_us: number | null } | null;
}

/** A connection, as the link saw it. */
export interface Connection {
  /** Its place among all connections, from 1. */
  number: number;
  client: string;
  server: string;
  /** Whether it was open when the record began, so that its opening is not known. */
  joined: boolean;
  /** Whether the server's end answered the SYN with a RST. */
  refused: boolean;
  times: ConnectionTimes;
  /** Sequence numbers of the two SYNs, from which each direction is counted; null while not known. */
  origin: Record<Direction, number | null>;
  /** Bytes of data that arrived, each counted once. */
  bytes: Record<Direction, number>;
  /** Segments lost or damaged that hold data, SYN or FIN. */
  lost: number;
  /** Segments, bare acknowledgements too, that were still on their way when the run ended; none of those lost. */
  under_way: number;
  /** Segments that hold what had been sent before. */
  resent: number;
  /** Bare acknowledgements lost or damaged: the next one makes up for them. */
  acks_lost: number;
  /** The longest that anything sent came late because it was lost: from its first sending to the one that arrived. */
  longest_wait_us: number;
  /** From each request's first byte to its answer's, in microseconds; none where `streamed`. */
  trips_us: number[];
  /** Whether the client sent on before its answer came, so that requests cannot be told apart. */
  streamed: boolean;
  /** Bytes that arrived after the other end had closed its side. */
  bytes_after_fin: number;
}

/** The record of a connection of which nothing is known but its sockets. */
export function blankConnection(client: string, server: string, number: number): Connection {
  const fin = () => ({ sent_us: null, arrived_us: null, acked_us: null, knows: false });
  return {
    number,
    client,
    server,
    joined: false,
    refused: false,
    times: {
      syn_sent_us: null,
      syn_arrived_us: null,
      synack_sent_us: null,
      synack_arrived_us: null,
      ack_arrived_us: null,
      fin: { up: fin(), down: fin() },
      reset: null,
    },
    origin: { up: null, down: null },
    bytes: { up: 0, down: 0 },
    lost: 0,
    under_way: 0,
    resent: 0,
    acks_lost: 0,
    longest_wait_us: 0,
    trips_us: [],
    streamed: false,
    bytes_after_fin: 0,
  };
}

/** A segment that did not arrive. */
export interface Loss {
  kind: SegmentKind;
  /** Its first sequence number, counted from the SYN's. */
  from: number;
  /** Bytes of data. */
  bytes: number;
  sent_us: number;
  /** Why; null where it arrived damaged, and the receiver's checksum dropped it. */
  cause: Cause | null;
  /** When its beginning was sent again; null where it was not. */
  again_us: number | null;
}

/** A segment sent again though what it holds has arrived before it, or is about to. */
export interface Again {
  kind: SegmentKind;
  bytes: number;
  /** Since it was last sent, in microseconds. */
  after_us: number;
  /** Why: it had not arrived yet; an acknowledgement of it was lost, or had not come yet. */
  why: "under way" | "ack lost" | "ack under way";
}

/**
 * News of a connection.
 *
 * - `opened`: the SYN ACK reached the client
 * - `refused`: a RST reached it instead
 * - `answered`: an answer to so many bytes began to arrive, `trip_us` after they were sent
 * - `lost`: a segment was lost and sent again, or, told at the end, was not sent again
 * - `again`: a segment was sent again that had arrived, or was about to
 * - `closed`: the FINs of both ends arrived
 * - `reset`: a RST arrived
 * - `left`: at the end it is none of closed, reset and refused
 */
export type ConnectionNotice =
  | { kind: "opened" | "refused" | "closed" | "reset" | "left"; connection: Connection }
  | { kind: "answered"; connection: Connection; bytes: number; trip_us: number }
  | { kind: "lost"; connection: Connection; dir: Direction; loss: Loss }
  | { kind: "again"; connection: Connection; dir: Direction; again: Again };
