/**
 * `summary.json`: a run in one object. Its schema is `summary.schema.json`, version 2; version 1 had no `tcp`.
 */
import type { EngineName } from "../engine/mod.ts";
import type { DriverName } from "../link/mod.ts";
import type { LinkCounts } from "../packet/mod.ts";
import { type ConnectionTally, tallyConnections } from "./connection_tally.ts";
import type { Connection } from "./connection.ts";
import type { Exchange } from "./exchange.ts";
import { type RoundTrips, tallyExchanges } from "./tally.ts";

/** Round trips, each figure null where nothing was received. */
export type SummaryRoundTrips = { [Figure in keyof RoundTrips]: number | null };

/** What connections came to, each figure of round trips null where no request was answered. */
export type SummaryConnections = Omit<ConnectionTally, "rtt_ms"> & { rtt_ms: SummaryRoundTrips };

/** What the link counted in one direction: see `LinkCounts`. */
export type SummaryCounts = LinkCounts;

/**
 * The content of `summary.json`.
 *
 * `sent` to `loss` count requests, which the link can tell from answers on UDP and ICMP echo. On
 * TCP a request is not a packet: a run on TCP has null there, and its figures under `tcp`.
 */
export interface Summary {
  lab: string;
  engine: EngineName;
  driver: DriverName;
  /** With `tc`: the kernel whose netem it is, and the version of the tools that set it; null with `tun`. */
  kernel: string | null;
  iproute2: string | null;
  /** Why it is this driver and no other, or what it cannot do, in a clause; null where there is nothing to say. */
  why: string | null;
  /** Canonical text, seeds included. */
  profile: { up: string; down: string };
  /** The run's seed in decimal: 64 bits do not fit a JSON number. Null if each profile has its own, or there is none. */
  seed: string | null;
  sent: number | null;
  received: number | null;
  lost: number | null;
  duplicates: number | null;
  reordered: number | null;
  late: number | null;
  /** 0 to 1. */
  loss: number | null;
  rtt_ms: SummaryRoundTrips;
  /** Of a run on TCP; null on UDP. */
  tcp: SummaryConnections | null;
  link: { up: SummaryCounts; down: SummaryCounts };
  /** When the run began, RFC 3339. */
  started: string;
  seconds: {
    /** From the command to the clients' start. */
    setup: number;
    /** From the command to the first answer that reached a client; null if none did. */
    first_reply: number | null;
    total: number;
  };
  /** The folder of the run's artifacts; null if they could not be written. */
  artifacts: string | null;
}

/** What of a summary is not counted from exchanges. */
export type SummaryFacts = Pick<
  Summary,
  | "lab"
  | "engine"
  | "driver"
  | "kernel"
  | "iproute2"
  | "why"
  | "profile"
  | "seed"
  | "link"
  | "started"
  | "seconds"
  | "artifacts"
>;

const NO_TRIPS: SummaryRoundTrips = {
  min: null,
  avg: null,
  p50: null,
  p99: null,
  max: null,
  mdev: null,
};

/** What a run tells: requests on UDP, connections on TCP. */
export type RunRecord =
  | { exchanges: readonly Exchange[]; connections?: undefined }
  | { connections: readonly Connection[]; exchanges?: undefined };

/** The summary of a run. */
export function buildSummary(record: RunRecord, facts: SummaryFacts): Summary {
  const tally = record.exchanges && tallyExchanges(record.exchanges);
  const connections = record.connections && tallyConnections(record.connections);
  const counts = ({ up, down }: Summary["link"]) => ({ up: inOrder(up), down: inOrder(down) });
  return {
    lab: facts.lab,
    engine: facts.engine,
    driver: facts.driver,
    kernel: facts.kernel,
    iproute2: facts.iproute2,
    why: facts.why,
    profile: { up: facts.profile.up, down: facts.profile.down },
    seed: facts.seed,
    sent: tally?.sent ?? null,
    received: tally?.received ?? null,
    lost: tally?.lost ?? null,
    duplicates: tally?.duplicates ?? null,
    reordered: tally?.reordered ?? null,
    late: tally?.late ?? null,
    loss: tally?.loss ?? null,
    rtt_ms: tally?.rtt_ms ?? NO_TRIPS,
    tcp: connections ? { ...connections, rtt_ms: connections.rtt_ms ?? NO_TRIPS } : null,
    link: counts(facts.link),
    started: facts.started,
    seconds: {
      setup: facts.seconds.setup,
      first_reply: facts.seconds.first_reply,
      total: facts.seconds.total,
    },
    artifacts: facts.artifacts,
  };
}

/** The counts alone and in one order, however the link's answer came. */
function inOrder(counts: LinkCounts): LinkCounts {
  const { seen, delivered, lost, duplicated, corrupted, reordered, dropped_full } = counts;
  return { seen, delivered, lost, duplicated, corrupted, reordered, dropped_full };
}
