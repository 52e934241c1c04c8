/** Which engines are new enough. Pure. */

/** The oldest engine that has all that is asked of it: mounts, sysctls and device rules as we use them. */
export const OLDEST_ENGINE = "20.10";

/** Whether an engine's version, such as `20.10.24+dfsg1`, is new enough. */
export function isRecent(version: string, oldest = OLDEST_ENGINE): boolean {
  const numbers = (text: string) => text.split(/\D/, 2).map(Number);
  const [major = 0, minor = 0] = numbers(version);
  const [wantMajor = 0, wantMinor = 0] = numbers(oldest);
  return major > wantMajor || (major === wantMajor && minor >= wantMinor);
}
