/**
 * What a run's connections come to: the counts, and the lines that tell them.
 */
import { amount, firstToClose, plural } from "./connection_lines.ts";
import type { Connection } from "./connection.ts";
import { type RoundTrips, roundTrips } from "./tally.ts";

/** Connections counted. */
export interface ConnectionTally {
  connections: number;
  /** Of them, those whose opening reached the client; those already open when the record began count. */
  opened: number;
  /** Answered with a RST instead. */
  refused: number;
  /** Ended by a RST later. */
  reset: number;
  /** Of which the FINs of both ends arrived, by who closed first. */
  closed: { client_first: number; server_first: number; at_once: number };
  /** Bytes of data that arrived, each counted once. */
  bytes: { up: number; down: number };
  /** Segments with data, SYN or FIN that were lost or damaged. */
  segments_lost: number;
  /** Segments that repeat what had been sent. */
  segments_resent: number;
  /** Bare acknowledgements lost. */
  acks_lost: number;
  /** Segments, bare acknowledgements too, that were still on their way when the run ended; none of those lost. */
  under_way: number;
  /** The longest that something came late for being lost, in milliseconds. */
  longest_wait_ms: number;
  /** Answered requests, where the client waits for each answer. */
  requests: number;
  /** Of those; null without any. */
  rtt_ms: RoundTrips | null;
}

/** Counts connections. */
export function tallyConnections(connections: readonly Connection[]): ConnectionTally {
  const sum = (value: (connection: Connection) => number) =>
    connections.reduce((total, connection) => total + value(connection), 0);
  const count = (is: (connection: Connection) => boolean) => sum((one) => is(one) ? 1 : 0);
  const closers = connections.filter(isClosed).map(firstToClose);
  const by = (who: string) => closers.filter((closer) => closer === who).length;
  const trips = connections.flatMap(({ trips_us }) => trips_us.map((us) => us / 1000));
  return {
    connections: connections.length,
    opened: count(({ joined, times }) => joined || times.synack_arrived_us !== null),
    refused: count(({ refused }) => refused),
    reset: count((one) => !one.refused && !isClosed(one) && one.times.reset?.arrived_us != null),
    closed: { client_first: by("client"), server_first: by("server"), at_once: by("both") },
    bytes: { up: sum(({ bytes }) => bytes.up), down: sum(({ bytes }) => bytes.down) },
    segments_lost: sum(({ lost }) => lost),
    segments_resent: sum(({ resent }) => resent),
    acks_lost: sum(({ acks_lost }) => acks_lost),
    under_way: sum(({ under_way }) => under_way),
    longest_wait_ms: connections.reduce((most, one) => Math.max(most, one.longest_wait_us), 0) /
      1000,
    requests: trips.length,
    rtt_ms: roundTrips(trips),
  };
}

function isClosed({ times: { fin } }: Connection): boolean {
  return fin.up.arrived_us !== null && fin.down.arrived_us !== null;
}

/** The lines at a run's end, in place of ping's. */
export function connectionStatistics(tally: ConnectionTally): string[] {
  if (tally.connections === 0) return ["0 connections"];
  return [
    endings(tally),
    `${amount(tally.bytes.up)} to the server, ${amount(tally.bytes.down)} to the client`,
    ...losses(tally),
    ...trips(tally),
  ];
}

function endings(tally: ConnectionTally): string {
  const { connections, opened, refused, reset, closed } = tally;
  const unopened = Math.max(0, connections - opened - refused);
  const { client_first, server_first, at_once } = closed;
  const left = connections - refused - unopened - reset - client_first - server_first - at_once;
  const parts: [number, string][] = [
    [refused, "refused"],
    [unopened, "not opened"],
    [client_first, "closed by the client first"],
    [server_first, "closed by the server first"],
    [at_once, "closed by both at once"],
    [reset, "reset"],
    [left, "not closed by both"],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, words]) => {
    if (count < connections) return `${count.toLocaleString("en")} ${words}`;
    return count > 1 ? `all ${words}`.replace("all not", "none") : words;
  });
  return [plural(connections, "connection"), ...said].join(", ");
}

function losses(tally: ConnectionTally): string[] {
  const { segments_lost, segments_resent, acks_lost, under_way, longest_wait_ms } = tally;
  const lost = [
    ...(segments_lost > 0 ? [plural(segments_lost, "segment")] : []),
    ...(acks_lost > 0 ? [plural(acks_lost, "bare ACK")] : []),
  ];
  const parts = [lost.length > 0 ? `${lost.join(" and ")} lost` : "no segment lost"];
  if (segments_resent > 0) parts.push(`${plural(segments_resent, "segment")} sent again`);
  if (under_way > 0) {
    parts.push(
      `${plural(under_way, "segment")} on ${under_way === 1 ? "its" : "their"} way at the end`,
    );
  }
  if (longest_wait_ms > 0) parts.push(`longest wait ${longest_wait_ms.toFixed(1)} ms`);
  return [parts.join(", ")];
}

function trips({ requests, rtt_ms }: ConnectionTally): string[] {
  if (rtt_ms === null) return [];
  const figures = [rtt_ms.min, rtt_ms.avg, rtt_ms.max, rtt_ms.mdev].map((ms) => ms.toFixed(3));
  return [
    `${plural(requests, "request")} answered, rtt min/avg/max/mdev = ${figures.join("/")} ms`,
  ];
}
