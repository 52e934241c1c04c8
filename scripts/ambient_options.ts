/** The options by which `check` and `grade` are told what network lies beneath the checks, and their meaning. */
import type { Ambient } from "../src/grade/mod.ts";
import { formatProfile, parseProfile } from "../src/netem/mod.ts";
import { linkOptions, profileTexts } from "./link_options.ts";
import { type Options, UsageError } from "./verb.ts";

/** Options of that network. */
export const ambientOptions = {
  netem: {
    ...linkOptions.netem,
    help: "Check on such a network, in tc's words: 'delay 20ms loss 1%' (default: a perfect wire)",
  },
  up: linkOptions.up,
  down: linkOptions.down,
} as const satisfies Options;

/** The parsed options of {@linkcode ambientOptions}. */
export interface AmbientValues {
  netem?: string | undefined;
  up?: string | undefined;
  down?: string | undefined;
}

/**
 * Returns the network that the options ask for; null where it is a perfect wire, undefined where they say nothing.
 *
 * @throws {UsageError | ProfileError} naming the option or the word that is wrong.
 */
export function ambientOf(values: AmbientValues): Ambient | null | undefined {
  const texts = profileTexts(values);
  if (texts === null) return undefined;
  const { up, down } = texts.netem === undefined ? texts : { up: texts.netem, down: texts.netem };
  const ambient = { up: canonical(up), down: canonical(down) };
  return ambient.up === "" && ambient.down === "" ? null : ambient;
}

/** What people read of such a network. */
export function ambientText(ambient: Ambient | null | undefined): string {
  if (!ambient) return "a perfect wire";
  const { up, down } = ambient;
  return up === down ? `'${up}'` : `up '${up}', down '${down}'`;
}

function canonical(text: string): string {
  const profile = parseProfile(text);
  if (profile.seed === undefined) return formatProfile(profile);
  throw new UsageError(
    "Give --seed instead of a seed in a profile: each attempt at a check has one of its own",
  );
}
