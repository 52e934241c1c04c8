/** From the options of `lab netem set` to a change of the link. */
import type { LinkSetting, LinkState } from "../src/link/mod.ts";
import {
  formatProfile,
  formatScriptLine,
  parseProfile,
  parseScript,
  profileNotes,
  withSeed,
} from "../src/netem/mod.ts";
import { type LinkValues, parseSeed } from "./link_options.ts";
import { UsageError } from "./verb.ts";

/**
 * Returns what is to change; a direction that nothing is said of is left out.
 *
 * @throws {UsageError | ProfileError} at a word that is wrong, or where nothing is said at all.
 */
export function changeOf(
  values: LinkValues,
  now: Pick<LinkState, "up" | "down">,
): { up?: LinkSetting; down?: LinkSetting; notes: string[] } {
  const { netem } = values;
  if (netem !== undefined && (values.up !== undefined || values.down !== undefined)) {
    throw new UsageError("Give a profile for both directions, or --up and --down, not both");
  }
  const up = values.up ?? netem, down = values.down ?? netem;
  if ([up, down, values.script, values.seed].every((value) => value === undefined)) {
    throw new UsageError("Give a profile, such as 'delay 50ms loss 10%': set was given none");
  }
  const script = values.script === undefined ? null : parseScript(values.script);
  // As in a run: a seed for both directions gives `down` the next one, or they would share their fates.
  const common = netem === undefined ? undefined : parseProfile(netem).seed;
  const seed = values.seed === undefined ? common ?? null : parseSeed(values.seed);
  const setting = (
    given: string | undefined,
    line: string | null,
    current: LinkSetting,
    ownSeed: bigint | null,
  ): LinkSetting | undefined => {
    if (given === undefined && line === null && ownSeed === null) return undefined;
    // Without a seed of its own, a profile goes on with the random numbers where they are.
    const profile = parseProfile(given ?? current.profile);
    return {
      profile: formatProfile(ownSeed === null ? profile : withSeed(profile, ownSeed)),
      script: line ?? current.script,
    };
  };
  const upwards = setting(up, script && formatScriptLine(script.up), now.up, seed);
  const downwards = setting(
    down,
    script && formatScriptLine(script.down),
    now.down,
    seed === null ? null : BigInt.asUintN(64, seed + 1n),
  );
  return {
    ...(upwards && { up: upwards }),
    ...(downwards && { down: downwards }),
    notes: [up, down].flatMap((text) => text === undefined ? [] : profileNotes(text)),
  };
}
