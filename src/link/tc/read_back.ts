/**
 * Whether the kernel has what it was told: tc's own listing of a netem, compared with the profile.
 *
 * The listing has six digits of times and chances, all of rates, sizes and the seed; which table shapes a delay, it does
 * not have.
 */
import type { Profile } from "../../netem/mod.ts";
import { asTaken, type TcWords } from "./netem_text.ts";

/** A qdisc of `tc -json qdisc show`, as far as it is read here. */
export interface ListedQdisc {
  kind: string;
  dev?: string;
  parent?: string;
  options?: Record<string, unknown>;
}

/**
 * Reads the listing.
 *
 * @throws {Error} Where it is none.
 */
export function readListing(text: string): ListedQdisc[] {
  // A seed has 64 bits, JSON's numbers in JavaScript have 53: it stays text.
  const listing = JSON.parse(text.replace(/"seed":(\d+)/g, '"seed":"$1"') || "[]");
  if (!Array.isArray(listing)) throw new Error("Install iproute2 anew: tc lists no qdiscs as JSON");
  return listing;
}

/** The netem of a device, where it has one. */
export function netemOf(listing: readonly ListedQdisc[], device: string): ListedQdisc | undefined {
  return listing.find(({ dev, kind }) => dev === device && kind === "netem");
}

/**
 * What differs between a profile and the kernel's netem, as a clause such as "delay is 1ms, not 10ms"; null where nothing
 * does.
 *
 * @param listed The netem in the listing.
 */
export function netemDifference(
  profile: Profile,
  listed: ListedQdisc | undefined,
  tc: TcWords,
): string | null {
  if (listed === undefined) return "there is no netem";
  const options = listed.options ?? {};
  for (const { name, wanted, near } of expected(asTaken(profile, tc), tc)) {
    const got = valueAt(options, name);
    const isIt = typeof wanted === "number"
      ? typeof got === "number" && Math.abs(got - wanted) <= (near ?? 0)
      : got === wanted;
    if (!isIt) return `${name} is ${got}, not ${wanted}`;
  }
  return null;
}

/** A value of the listing, by the words of its path. */
interface Expected {
  name: string;
  wanted: number | string | boolean;
  /** How far off it may be. */
  near?: number;
}

function expected(profile: Profile, tc: TcWords): Expected[] {
  const { delay, loss, corrupt, duplicate, reorder, rate, slot, seed } = profile;
  const all: Expected[] = [
    { name: "limit", wanted: profile.limit },
    // It stays where it once was, and means nothing without losses.
    ...(loss === undefined ? [] : [{ name: "ecn", wanted: profile.ecn }]),
    time("delay delay", delay?.ns ?? 0, tc),
    // Of a delay around 0 tc lists nothing.
    ...(delay?.ns
      ? [
        time("delay jitter", delay.jitterNs, tc),
        ...percents("delay", { correlation: delay.correlation }),
      ]
      : []),
    ...chance("corrupt", corrupt),
    ...chance("duplicate", duplicate),
    ...chance("reorder", reorder),
    { name: "gap", wanted: reorder?.gap ?? 0 },
    { name: "rate rate", wanted: rate?.bytesPerSecond ?? 0 },
    { name: "rate packetoverhead", wanted: rate?.overhead ?? 0 },
    { name: "rate cellsize", wanted: rate?.cellSize ?? 0 },
    { name: "rate celloverhead", wanted: rate?.cellOverhead ?? 0 },
  ];
  if (loss?.kind === "state") {
    const { p13, p31 = 100 - p13, p32 = 0, p23 = 100, p14 = 0 } = loss;
    all.push(...percents("loss-state", { p13, p31, p32, p23, p14 }));
  } else if (loss?.kind === "gemodel") {
    const { p, r = 100 - p, lossInBad = 100, lossInGood = 0 } = loss;
    all.push(...percents("loss-gemodel", { p, r, "1-h": lossInBad, "1-k": lossInGood }));
  } else {
    const { percent = 0, correlation = 0 } = loss ?? {};
    all.push(...percents("loss-random", { loss: percent, correlation }));
  }
  if (slot?.kind === "distribution") {
    all.push(time("slot distribution", slot.delayNs, tc), time("slot jitter", slot.jitterNs, tc));
  } else {
    all.push(time("slot min-delay", slot?.minNs ?? 0, tc));
    all.push(time("slot max-delay", slot?.maxNs ?? 0, tc));
  }
  // The largest number is no bound, which is listed as 0.
  const bound = (most = 0) => most === 0x7fffffff ? 0 : most;
  all.push({ name: "slot packets", wanted: bound(slot?.packets) });
  all.push({ name: "slot bytes", wanted: bound(slot?.bytes) });
  if (seed !== undefined && tc.seeds) all.push({ name: "seed", wanted: String(seed) });
  return all;
}

/** Six digits; an older tc writes whole microseconds. */
function time(name: string, ns: number, tc: TcWords): Expected {
  return { name, wanted: ns / 1e9, near: ns / 1e9 * 1e-5 + (tc.nanoseconds ? 0 : 1e-6) };
}

function chance(name: string, of?: { percent: number; correlation: number }): Expected[] {
  return percents(name, { [name]: of?.percent ?? 0, correlation: of?.correlation ?? 0 });
}

/** Six digits, of 32 bits. */
function percents(name: string, values: Record<string, number>): Expected[] {
  return Object.entries(values).map(([word, percent]) => ({
    name: `${name} ${word}`,
    wanted: percent / 100,
    near: percent / 100 * 1e-5 + 3e-10,
  }));
}

/** What is not listed is 0. */
function valueAt(options: Record<string, unknown>, name: string): unknown {
  let at: unknown = options;
  for (const word of name.split(" ")) {
    at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[word] : undefined;
  }
  return at ?? 0;
}
