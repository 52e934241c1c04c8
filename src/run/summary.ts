/**
 * `summary.json`: a run in one object. Its schema is `summary.schema.json`.
 */
import type { EngineName } from "../engine/mod.ts";
import type { DriverName } from "../link/mod.ts";
import type { LinkCounts } from "../packet/mod.ts";
import type { Exchange } from "./exchange.ts";
import { type RoundTrips, tallyExchanges } from "./tally.ts";

/** Round trips, each figure null where nothing was received. */
export type SummaryRoundTrips = { [Figure in keyof RoundTrips]: number | null };

/** What the link counted in one direction: see `LinkCounts`. */
export type SummaryCounts = LinkCounts;

/**
 * The content of `summary.json`.
 *
 * `sent` to `loss` count requests, which the link can tell from answers on UDP and ICMP echo. On
 * TCP a request is not a packet: a lab on TCP has null there, and its figures under `link`.
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

/** The summary of a run; `exchanges` is null where the lab's requests cannot be told (TCP). */
export function buildSummary(
  exchanges: readonly Exchange[] | null,
  facts: SummaryFacts,
): Summary {
  const tally = exchanges && tallyExchanges(exchanges);
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
