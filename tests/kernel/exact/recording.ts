/** What the recorder is asked for, and what it gives back: JSON, one line a case. */

/** Packets sent through a netem. */
export interface Sending {
  /** Words for tc: set at first, changed to in later sendings. */
  netem: string;
  packets: number;
  /** Words for tc only: tc passes a duplicate's correlation on only where another is given. Default: none. */
  also?: string;
  /** Microseconds from one packet to the next. Default 0: as fast as they can be sent. */
  gapUs?: number;
}

/** One netem and what is sent through it. */
export interface Case {
  /** What it is about; unique. */
  name: string;
  sendings: readonly Sending[];
  /** Bytes of a frame with its Ethernet header: from, to. Default: 98 of all. */
  bytes?: readonly [number, number];
  /** Every other packet says that it may be marked. Default: none. */
  markable?: boolean;
  /** With a correlation: how many packets the kernel's unseeded start may still show in. Default: none. */
  warmUp?: number;
  /** In which order packets leave hangs on what the kernel does not seed. Default false. */
  unordered?: boolean;
}

/** How many bytes frame `n` has; any number of packets spread over the range. */
export function bytesOf(of: Case, n: number): number {
  const [from, to] = of.bytes ?? [98, 98];
  return from + (n * 7919) % (to - from + 1);
}

/** Whether frame `n` says that it may be marked. */
export function markableOf(of: Case, n: number): boolean {
  return of.markable === true && n % 2 === 0;
}

/** What the kernel did in a case. */
export interface Recording {
  name: string;
  /** Pairs of a kind of event and its value, in order: Float64Array, as base64. */
  did: string;
  /** For each frame that left, in order: number, flipped bits, marked or not. Int32Array, as base64. */
  left: string;
  /** Seconds from the first packet to the last that left. */
  seconds: number;
}

/** The tables that come with tc. */
export const DISTRIBUTIONS = ["normal", "pareto", "paretonormal", "experimental"] as const;

/** Who answered: the recorder's first line. */
export interface Machine {
  /** The kernel's release. */
  kernel: string;
  /** What tc says of its version. */
  tc: string;
  /** Each table as its file has it. */
  tables: Record<typeof DISTRIBUTIONS[number], string>;
}
