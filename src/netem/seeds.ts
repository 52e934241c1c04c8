/** Which seed each direction gets (the run contract, "Seeds"). */
import { parseProfile } from "./parse.ts";
import type { Profile } from "./profile.ts";

/** What a user may say about profiles and seeds. */
export interface SeedRequest {
  /** A profile for both directions. */
  netem?: string;
  /** The profile towards the server; before `netem`. */
  up?: string;
  /** The profile towards clients; before `netem`. */
  down?: string;
  /** The seed of `up`; `down` gets the next. */
  seed?: bigint;
}

/** Both directions' profiles, each with its seed. */
export interface ResolvedSeeds {
  up: Profile;
  down: Profile;
  /** What `--seed` would have to be to repeat the run. */
  seed: bigint;
}

/** The same profile with another seed, taken modulo 2^64. */
export function withSeed(profile: Profile, seed: bigint): Profile {
  return { ...profile, seed: BigInt.asUintN(64, seed) };
}

/**
 * Gives each direction its seed. One written in `up` or `down` counts as written. Else `up` gets N
 * and `down` N + 1, where N is `seed`, or the seed written in `netem`, or drawn: one seed for both
 * would lose a request and its answer together.
 *
 * `draw` is called only where no seed is given; it returns 64 random bits.
 *
 * @throws {ProfileError} for a text that is no profile.
 *
 * @example
 * ```ts
 * resolveSeeds({ netem: "loss 10% seed 7" }, randomSeed).down.seed; // 8n
 * ```
 */
export function resolveSeeds(request: SeedRequest, draw: () => bigint): ResolvedSeeds {
  const both = parseProfile(request.netem ?? "");
  const up = request.up === undefined ? both : parseProfile(request.up);
  const down = request.down === undefined ? both : parseProfile(request.down);
  const written = request.up === undefined ? undefined : up.seed;
  const writtenDown = request.down === undefined ? undefined : down.seed;
  const given = request.seed ?? both.seed;
  // Where only a direction of its own has a seed, the other still follows from one number: N or N + 1.
  const seed = given ?? written ?? (writtenDown === undefined ? draw() : writtenDown - 1n);
  return {
    up: withSeed(up, written ?? seed),
    down: withSeed(down, writtenDown ?? seed + 1n),
    seed: BigInt.asUintN(64, seed),
  };
}
