/** The lines that Testcontainers sends to its reaper, and the durations that configure it. Pure. */

/** Filters of the engine's lists: a resource matches that has every value of every key. */
export type Filter = Readonly<Record<string, readonly string[]>>;

/**
 * Returns the filter of a line such as `label=org.testcontainers.session-id=5f2c`: a query string.
 * Undefined for a line without one: it would match all that the engine has.
 */
export function parseFilter(line: string): Filter | undefined {
  const filter: Record<string, string[]> = {};
  for (const [key, value] of new URLSearchParams(line.trim())) {
    if (key !== "" && value !== "") (filter[key] ??= []).push(value);
  }
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/** Returns a duration such as `10s`, `1m30s` or `500ms` in milliseconds; undefined for other texts. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  return [...text.matchAll(/([\d.]+)(ms|s|m|h)/g)]
    .reduce((sum, [, number, unit]) => sum + Number(number) * units[unit!]!, 0);
}
