/** What one direction of a link does, in words. */

/** Returns a profile as users read it; a seed alone impairs nothing. */
export function profileText(profile: string): string {
  return /^(?:seed \d+)?$/.test(profile) ? "a perfect wire" : profile;
}

/** Returns profile and script in one line, as in `loss 20%, script lose 1,4`. */
export function settingText({ profile, script }: { profile: string; script: string }): string {
  return `${profileText(profile)}${script === "" ? "" : `, script ${script}`}`;
}
