/**
 * What a swarm's last line of standard output says: one JSON object, by which servers are set side by side.
 *
 * ```json
 * {"clients":100,"requests":2000,"answers":2000,"seconds":1.93,"p50_ms":41.2,"p99_ms":60.5,"next_ms":43.1,"refused":0}
 * ```
 */

/** A swarm's figures. */
export interface SwarmResult {
  /** Connections that were open at once. */
  clients: number;
  /** Messages sent, and whole answers received. */
  requests: number;
  answers: number;
  /** From the first message to the last answer. */
  seconds: number;
  /** Median and 99th percentile of the time from a message to its answer; null without any answer. */
  p50_ms: number | null;
  p99_ms: number | null;
  /** First answer for one more client, come while all others hold their connections; null where it got none in time. */
  next_ms: number | null;
  /** Clients that got no connection, lost it, or got a wrong answer: those that still wait are not in it. */
  refused: number;
}

const NUMBERS = ["clients", "requests", "answers", "seconds", "refused"] as const;
const TIMES = ["p50_ms", "p99_ms", "next_ms"] as const;

/** Returns the figures in a line, or null where it is no swarm's last line. */
export function parseSwarmResult(line: string): SwarmResult | null {
  if (!line.startsWith("{")) return null;
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  const isTime = (name: string) => value[name] === null || isAmount(value[name]);
  if (!NUMBERS.every((name) => isAmount(value[name])) || !TIMES.every(isTime)) return null;
  return value as unknown as SwarmResult;
}

function isAmount(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}
