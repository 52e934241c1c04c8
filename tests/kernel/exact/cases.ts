/**
 * What the model is held against a running kernel with: every impairment, alone and with others, at the edges of what
 * tc takes.
 *
 * What netem leaves unseeded cannot be compared, and is told here case by case: `warmUp` (a correlated stream starts
 * from a number of the kernel's own), `unordered` (slots without a distribution). Which bit is flipped is not compared.
 */
import type { Case, Sending } from "./recording.ts";

const PACKETS = 3000;
const LARGEST_SEED = "18446744073709551615";
/** No packet of any case meets it. */
const ROOMY = "limit 100000";

type Options = Partial<Omit<Case, "name" | "sendings">> & Partial<Omit<Sending, "netem">>;

/** A case of one sending. */
function one(name: string, netem: string, options: Options = {}): Case {
  const { packets = PACKETS, gapUs, also, ...rest } = options;
  const sending: Sending = { netem, packets, ...given({ gapUs, also }) };
  return { name, sendings: [sending], ...rest };
}

function given(fields: { gapUs?: number | undefined; also?: string | undefined }) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Each of which differs from the others in one thing: as many cases, named after it. */
function each(
  of: string,
  words: readonly string[],
  netem: (word: string) => string,
  options?: Options,
) {
  return words.map((word) => one(`${of} ${word}`, `${ROOMY} ${netem(word)}`, options));
}

const SEEDS = ["0", "1", LARGEST_SEED];
const TABLES = ["normal", "pareto", "paretonormal", "experimental"];

/**
 * How many draws it takes until nothing is left of the number that a correlated stream started from, but for one
 * stream in a thousand million. Each draw leaves rho of the difference, at most 2^32 at first; once it is 1, it stays 1
 * with a chance of rho.
 */
export function warmUpOf(percent: number): number {
  const shrink = -Math.log(percent / 100);
  return Math.ceil((32 * Math.LN2 + 9 * Math.LN10) / shrink);
}

const seeds: Case[] = [
  ...each("loss, seed", SEEDS, (seed) => `loss 10% seed ${seed}`),
  ...each(
    "everything, seed",
    [...SEEDS, "12345678901234567890"],
    (seed) => `delay 80ms 60ms loss 10% duplicate 10% corrupt 5% reorder 20% gap 3 seed ${seed}`,
  ),
];

const decisions: Case[] = [
  ...each("loss of", ["0.3333%", "50%", "99.9%", "100%"], (p) => `loss ${p} seed 2`),
  ...each("duplicate", ["10%", "100%"], (p) => `delay 5ms duplicate ${p} seed 2`, {
    packets: 1500,
  }),
  ...each("corrupt", ["10%", "100%"], (p) => `corrupt ${p} seed 2`),
  one("duplicate with loss", `${ROOMY} delay 1ms loss 40% duplicate 40% seed 2`),
  one("duplicate, corrupt, loss", `${ROOMY} duplicate 30% corrupt 30% loss 30% seed 2`),
  ...each("reorder", ["25%", "25% gap 5", "100% gap 2"], (r) => `delay 10ms reorder ${r} seed 2`),
  one("reorder with duplicate", `${ROOMY} delay 10ms 5ms reorder 30% gap 4 duplicate 20% seed 2`),
];

const losses: Case[] = [
  ...each(
    "loss gemodel",
    ["5%", "5% 30%", "5% 30% 70%", "5% 30% 70% 2%"],
    (words) => `delay 5ms loss gemodel ${words} seed 3`,
  ),
  ...each(
    "loss state",
    ["10%", "5% 30% 10% 60% 2%", "60% 70% 80% 50% 70%"],
    (words) => `delay 5ms loss state ${words} seed 3`,
  ),
  one("ecn", `${ROOMY} loss 30% ecn seed 3`, { markable: true }),
  one("ecn, duplicate, corrupt", `${ROOMY} loss 30% ecn duplicate 20% corrupt 30% seed 3`, {
    markable: true,
  }),
  one("ecn, gemodel", `${ROOMY} loss gemodel 10% 40% ecn seed 3`, { markable: true }),
];

const delays: Case[] = [
  ...each(
    "delay",
    ["50ms", "123456789ns", "50ms 20ms", "10ms 40ms", "30ms 3333333ns", "1ms 1ns"],
    (words) => `delay ${words} seed 4`,
  ),
  ...each("distribution", TABLES, (table) => `delay 100ms 30ms distribution ${table} seed 4`),
  one("distribution, odd jitter", `${ROOMY} delay 9ms 7654321ns distribution normal seed 4`),
  one("distribution, jitter over delay", `${ROOMY} delay 5ms 30ms distribution pareto seed 4`),
  one("frames of all sizes", `${ROOMY} delay 9ms 4ms loss 5% corrupt 5% duplicate 5% seed 4`, {
    bytes: [60, 1514],
  }),
];

const bounds: Case[] = [
  one("limit", "limit 100 delay 20ms 10ms loss 5% seed 5", { gapUs: 30 }),
  one("limit in a burst", "limit 1000 delay 200ms 50ms duplicate 10% corrupt 5% seed 5"),
  one("limit 1", "limit 1 delay 1ms seed 5", { gapUs: 100 }),
  one("rate", `${ROOMY} rate 50mbit seed 5`, { bytes: [60, 1400] }),
  one("rate, jitter", `${ROOMY} delay 20ms 10ms rate 50mbit loss 10% seed 5`, {
    bytes: [60, 1400],
  }),
  one("rate, overhead", `${ROOMY} delay 5ms rate 30mbit 24 seed 5`, { bytes: [60, 1400] }),
  one("rate, cells", `${ROOMY} delay 5ms rate 50mbit 20 48 5 seed 5`, { bytes: [60, 1400] }),
  one("rate, limit", "limit 300 delay 5ms rate 20mbit -14 53 -3 loss 10% seed 5", {
    bytes: [60, 1400],
    gapUs: 100,
  }),
  one("rate, reorder", `${ROOMY} delay 10ms rate 50mbit reorder 20% gap 3 seed 5`, {
    bytes: [60, 1400],
    gapUs: 100,
  }),
  one("rate, duplicate", `${ROOMY} rate 30mbit duplicate 10% loss 10% seed 5`, {
    bytes: [60, 1400],
  }),
];

// Without duplicates: whether a slot is over can hang on which of two clocks a copy has its time from.
const slots: Case[] = [
  one("slot, normal", `${ROOMY} delay 5ms 2ms slot distribution normal 5ms 1ms packets 50 seed 6`, {
    gapUs: 50,
  }),
  one(
    "slot, pareto",
    `${ROOMY} delay 20ms 10ms loss 10% corrupt 5% slot distribution pareto 5ms 1ms bytes 6000 seed 6`,
    { gapUs: 50 },
  ),
  one(
    "slot, range",
    `${ROOMY} delay 20ms 10ms loss 10% corrupt 5% slot 4ms 9ms packets 80 seed 6`,
    {
      gapUs: 50,
      unordered: true,
    },
  ),
];

const correlated: Case[] = [25, 50, 90].flatMap((percent) => {
  const warmUp = warmUpOf(percent);
  const options = { warmUp, packets: PACKETS };
  return [
    one(`delay correlated by ${percent}%`, `${ROOMY} delay 50ms 20ms ${percent}% seed 7`, options),
    one(`loss correlated by ${percent}%`, `${ROOMY} loss 50% ${percent}% seed 7`, options),
    one(`duplicate correlated by ${percent}%`, `${ROOMY} duplicate 50% ${percent}% seed 7`, {
      ...options,
      also: "loss 0% 1%",
    }),
    one(`corrupt correlated by ${percent}%`, `${ROOMY} corrupt 50% ${percent}% seed 7`, options),
    one(
      `reorder correlated by ${percent}%`,
      `${ROOMY} delay 10ms reorder 50% ${percent}% seed 7`,
      options,
    ),
  ];
});

const changes: Case[] = [
  {
    name: "changes with and without a seed",
    sendings: [
      { netem: `${ROOMY} delay 20ms 10ms loss 10% seed 8`, packets: 1500 },
      { netem: `${ROOMY} delay 10ms 5ms loss 20% duplicate 10%`, packets: 1500 },
      { netem: `${ROOMY} delay 10ms 5ms loss 20% duplicate 10% seed 8`, packets: 1500 },
    ],
  },
  {
    name: "changes of the loss model",
    sendings: [
      { netem: `${ROOMY} loss gemodel 10% 30% seed 8`, packets: 1500 },
      { netem: `${ROOMY} loss gemodel 10% 30%`, packets: 1500 },
      { netem: `${ROOMY} loss state 10% 30%`, packets: 1500 },
    ],
  },
  {
    name: "changes while the queue is full",
    sendings: [
      { netem: "limit 500 delay 100ms 50ms reorder 10% gap 4 seed 8", packets: 1000 },
      { netem: "limit 800 delay 30ms 10ms reorder 30% gap 3", packets: 1000 },
    ],
  },
];

/** All of them. */
export const cases: readonly Case[] = [
  ...seeds,
  ...decisions,
  ...losses,
  ...delays,
  ...bounds,
  ...slots,
  ...correlated,
  ...changes,
];
