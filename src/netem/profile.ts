/**
 * A profile as data: what one direction of the link does to packets, in the words and defaults of
 * tc-netem(8). Times are nanoseconds, rates bytes per second, chances percentages from 0 to 100.
 * What is absent does nothing and draws nothing.
 */

/** The tables that netem can shape a delay with; without one, jitter is uniform. */
export type DistributionName = "normal" | "pareto" | "paretonormal" | "experimental";

/** Every name a table can have, in the order in which messages list them. */
export const DISTRIBUTION_NAMES: readonly DistributionName[] = [
  "normal",
  "pareto",
  "paretonormal",
  "experimental",
];

/** A chance with the correlation of each draw to the one before it. */
export interface Chance {
  percent: number;
  correlation: number;
}

/** `delay T [JITTER [CORR]] [distribution NAME]`. */
export interface DelayOption {
  ns: number;
  jitterNs: number;
  correlation: number;
  distribution?: DistributionName;
}

/** `loss random P [CORR]`: independent draws. */
export interface RandomLoss extends Chance {
  kind: "random";
}

/** `loss state P13 [P31 [P32 [P23 [P14]]]]`: a Markov chain of four states. Absent ones have tc's defaults. */
export interface StateLoss {
  kind: "state";
  p13: number;
  /** Default 100 - p13. */
  p31?: number;
  /** Default 0. */
  p32?: number;
  /** Default 100. */
  p23?: number;
  /** Default 0. */
  p14?: number;
}

/** `loss gemodel P [R [1-H [1-K]]]`: Gilbert and Elliott's two states. Absent ones have tc's defaults. */
export interface GilbertElliottLoss {
  kind: "gemodel";
  /** From good to bad. */
  p: number;
  /** From bad to good. Default 100 - p. */
  r?: number;
  /** Loss in the bad state (1-h). Default 100. */
  lossInBad?: number;
  /** Loss in the good state (1-k). Default 0. */
  lossInGood?: number;
}

/** The three ways to lose packets. */
export type LossOption = RandomLoss | StateLoss | GilbertElliottLoss;

/** `reorder P [CORR] [gap N]`: some packets overtake all that wait. */
export interface ReorderOption extends Chance {
  /** At least every Nth packet only may overtake. Default 1. */
  gap: number;
}

/** `rate RATE [OVERHEAD [CELLSIZE [CELLOVERHEAD]]]`. */
export interface RateOption {
  bytesPerSecond: number;
  /** Bytes added to every packet; may be negative. */
  overhead: number;
  /** Bytes of a cell that packets are cut into; 0 for none. */
  cellSize: number;
  /** Bytes added to every cell; may be negative. */
  cellOverhead: number;
}

/** `slot …`: packets leave in bursts, at most so many packets and bytes in each; 0 is no bound. */
export type SlotOption =
  & { packets: number; bytes: number }
  & (
    | { kind: "range"; minNs: number; maxNs: number }
    | { kind: "distribution"; distribution: DistributionName; delayNs: number; jitterNs: number }
  );

/** One direction's impairments. */
export interface Profile {
  /** Packets that may wait at once. */
  limit: number;
  delay?: DelayOption;
  loss?: LossOption;
  /** Mark packets that support ECN where others are lost. */
  ecn: boolean;
  corrupt?: Chance;
  duplicate?: Chance;
  reorder?: ReorderOption;
  rate?: RateOption;
  slot?: SlotOption;
  /** Where the random numbers start, 64 bits. Without one, the model starts from 0. */
  seed?: bigint;
}

/** Packets that may wait at once unless `limit` says otherwise; the kernel's default. */
export const DEFAULT_LIMIT = 1000;

/** A wire that does nothing to packets: the profile of the empty text and of `none`. */
export function perfectWire(): Profile {
  return { limit: DEFAULT_LIMIT, ecn: false };
}
