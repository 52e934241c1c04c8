/**
 * What a direction is told, compared and completed: pure.
 */
import {
  formatProfile,
  formatScriptLine,
  parseProfile,
  parseScriptLine,
  type Profile,
  withSeed,
} from "../netem/mod.ts";
import type { DriverNeeds } from "./driver_choice.ts";
import type { LinkSetting } from "./protocol.ts";

/** Both directions' settings. */
export interface LinkSettings {
  up: LinkSetting;
  down: LinkSetting;
}

/** A perfect wire, both ways. */
export const perfect: LinkSettings = {
  up: { profile: "", script: "" },
  down: { profile: "", script: "" },
};

/**
 * The same setting in canonical words.
 *
 * @throws {ProfileError} At a wrong profile or script.
 */
export function canonical(setting: LinkSetting): LinkSetting {
  return {
    profile: formatProfile(parseProfile(setting.profile)),
    script: formatScriptLine(parseScriptLine(setting.script)),
  };
}

/**
 * Whether who asks for these settings has what they want in a run with those: the same scripts and profiles, and the
 * same seed where a profile asked for has one.
 *
 * @param options `anySeed`: the seeds asked for do not matter either.
 */
export function satisfiedBy(
  wanted: LinkSettings,
  run: LinkSettings,
  options: { anySeed?: boolean } = {},
): boolean {
  return (["up", "down"] as const).every((way) => {
    if (canonical(wanted[way]).script !== canonical(run[way]).script) return false;
    const one = split(wanted[way]), other = split(run[way]);
    const anySeed = options.anySeed || one.seed === undefined;
    return one.words === other.words && (anySeed || one.seed === other.seed);
  });
}

/** The settings with the seeds of an earlier run, where its profiles were the same but for their seeds; else as they are. */
export function withSeedsOf(earlier: LinkSettings, settings: LinkSettings): LinkSettings {
  const old = { up: split(earlier.up), down: split(earlier.down) };
  const same = (["up", "down"] as const).every((way) =>
    split(settings[way]).words === old[way].words
  );
  if (!same) return settings;
  const seeded = (way: "up" | "down"): LinkSetting => {
    const { profile, script } = settings[way], { seed } = old[way];
    if (seed === undefined) return { profile, script };
    return { profile: formatProfile(withSeed(parseProfile(profile), seed)), script };
  };
  return { up: seeded("up"), down: seeded("down") };
}

/**
 * What settings ask of a driver.
 *
 * @param drawn Whether their seeds, if any, were merely drawn.
 */
export function needsOf(settings: Partial<LinkSettings>, drawn: boolean): DriverNeeds {
  const all = Object.values(settings);
  return {
    script: all.some(({ script }) => script !== ""),
    seed: all.every((one) => split(one).seed === undefined) ? "none" : drawn ? "drawn" : "written",
  };
}

/** The settings without their seeds. */
export function withoutSeeds(settings: LinkSettings): LinkSettings {
  const bare = (one: LinkSetting) => ({ profile: split(one).words, script: one.script });
  return { up: bare(settings.up), down: bare(settings.down) };
}

/** A profile's seed, and all else that it says. */
function split({ profile }: LinkSetting): { words: string; seed: bigint | undefined } {
  const { seed, ...rest }: Profile = parseProfile(profile);
  return { words: formatProfile(rest), seed };
}
