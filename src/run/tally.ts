/**
 * What a run's exchanges come to, counted as ping counts.
 */
import type { Exchange } from "./exchange.ts";

/** Round trips in milliseconds. */
export interface RoundTrips {
  min: number;
  avg: number;
  /** The median: half of the answers took this long at most. */
  p50: number;
  /** 99 of 100 answers took this long at most. */
  p99: number;
  max: number;
  /** Standard deviation, as ping computes it. */
  mdev: number;
}

/** Exchanges counted. */
export interface Tally {
  /** Requests that came to the link. */
  sent: number;
  /** Requests answered within the client's time limit. */
  received: number;
  /** Requests without an answer in time: sent less received. */
  lost: number;
  /** Answers that reached the client beyond the first to each request. */
  duplicates: number;
  /** Requests whose answer came after the answer to a later request. */
  reordered: number;
  /** Of those lost, the requests answered after the client's time limit. */
  late: number;
  /** lost / sent, 0 to 1; 0 if nothing was sent. */
  loss: number;
  /** Of the answers in time; null if there are none. */
  rtt_ms: RoundTrips | null;
}

/**
 * Counts exchanges as lab3's client does for itself: an answer that comes after the time limit
 * is of no use any more, so its request counts as lost, and as late besides.
 */
export function tallyExchanges(exchanges: readonly Exchange[]): Tally {
  const trips: number[] = [];
  let duplicates = 0, reordered = 0, late = 0;
  for (const exchange of exchanges) {
    if (exchange.late) late++;
    else if (exchange.rtt_us !== null) trips.push(exchange.rtt_us / 1000);
    if (exchange.reordered) reordered++;
    duplicates += Math.max(0, exchange.answers_arrived - 1);
  }
  const sent = exchanges.length, received = trips.length, lost = sent - received;
  const loss = sent === 0 ? 0 : lost / sent;
  const rtt_ms = roundTrips(trips);
  return { sent, received, lost, duplicates, reordered, late, loss, rtt_ms };
}

/** Statistics of round trips in milliseconds, rounded to microseconds; null of none. */
export function roundTrips(trips: readonly number[]): RoundTrips | null {
  if (trips.length === 0) return null;
  const sorted = trips.toSorted((a, b) => a - b);
  const mean = (value: (ms: number) => number) =>
    sorted.reduce((sum, ms) => sum + value(ms), 0) / sorted.length;
  const avg = mean((ms) => ms);
  // ping: sqrt(avg(x^2) - avg^2); rounding can push the difference below zero.
  const mdev = Math.sqrt(Math.max(0, mean((ms) => ms * ms) - avg * avg));
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
  const micro = (ms: number) => Math.round(ms * 1000) / 1000;
  return {
    min: micro(sorted[0]!),
    avg: micro(avg),
    p50: micro(rank(0.5)),
    p99: micro(rank(0.99)),
    max: micro(sorted.at(-1)!),
    mdev: micro(mdev),
  };
}
