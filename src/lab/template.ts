/** From a manifest's argument lists to a program's arguments. */
import { LabError } from "./error.ts";
import type { LabManifest, RunLimits } from "./manifest.ts";

/** What a template's placeholders stand for. */
export interface TemplateValues {
  /** Name or address of the server. */
  host?: string;
  port?: number;
  /** Milliseconds that a client waits for an answer. */
  timeout?: number;
  /** Requests to send. */
  count?: number;
  /** Milliseconds between requests. */
  interval?: number;
  /** Payload bytes of a request. */
  size?: number;
  /** Connections of a swarm. */
  swarm?: number;
  /** A folder that the program may write. */
  logs?: string;
}

/**
 * Returns the arguments of a template with each `{name}` replaced by its value. A value is never
 * split or read again: what it holds reaches the program as it is.
 *
 * ```ts
 * fillTemplate(["--port", "{port}"], { port: 12000 }); // ["--port", "12000"]
 * ```
 *
 * @throws {RangeError} if a placeholder has no value.
 */
export function fillTemplate(template: readonly string[], values: TemplateValues): string[] {
  return template.map((word) =>
    word.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name as keyof TemplateValues] : undefined;
      if (value === undefined) throw new RangeError(`Give a value for {${name}} in '${word}'`);
      return String(value);
    })
  );
}

/** What a caller may say about a run's requests; what is left out is the lab's default. */
export interface RunRequest {
  count?: number;
  interval_ms?: number;
  size_bytes?: number;
  swarm?: number;
  timeout_ms?: number;
}

const OPTIONS = {
  count: "--count",
  interval_ms: "--interval",
  size_bytes: "--size",
  swarm: "--swarm",
} as const;

/**
 * Returns a run's request with the lab's defaults filled in; a number that the lab does not know stays out.
 *
 * @throws {LabError} naming the option, the lab's limits and the value, if one is outside, or the lab has no use for it.
 */
export function completeRequest(
  manifest: Pick<LabManifest, "id" | "defaults" | "limits">,
  request: RunRequest,
): RunRequest & { timeout_ms: number } {
  const { count, interval_ms, size_bytes, swarm, timeout_ms } = manifest.defaults;
  const defaults = { count, interval_ms, size_bytes, swarm, timeout_ms };
  const given = Object.entries({ ...defaults, ...request }).map(([key, value]) =>
    [key, value ?? defaults[key as keyof RunRequest]] as const
  );
  const whole = Object.fromEntries(given.filter(([, value]) => value !== undefined));
  for (const key of Object.keys(OPTIONS) as (keyof RunLimits)[]) {
    const range = manifest.limits[key];
    const value = whole[key];
    if (value === undefined) continue;
    if (range === undefined) {
      throw new LabError(`Leave out ${OPTIONS[key]}: no client of ${manifest.id} takes it`);
    }
    const { min, max } = range;
    if (Number.isInteger(value) && value >= min && value <= max) continue;
    throw new LabError(
      `Give ${OPTIONS[key]} a whole number from ${min} to ${max} in ${manifest.id}, not ${value}`,
    );
  }
  return { ...whole, timeout_ms: whole.timeout_ms ?? timeout_ms };
}
