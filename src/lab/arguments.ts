/** The arguments that a lab's programs are started with. Pure. */
import type { LabManifest, ProgramArguments } from "./manifest.ts";
import { completeRequest, fillTemplate, type RunRequest } from "./template.ts";

/**
 * How a client works.
 *
 * - `keyboard`: it reads lines, and sends what they say
 * - `pinger`: it sends numbered requests
 * - `swarm`: another program, which opens many connections at once
 */
export type ClientMode = Exclude<keyof ProgramArguments, "server">;

/** What a server's arguments depend on. */
export interface ServerRequest {
  /** Its address as clients have it: of IPv6, it must listen there. Default: of IPv4. */
  host?: string;
  /** The folder that it may write. */
  logs: string;
}

/** What a client's arguments depend on. */
export interface ClientRequest extends RunRequest {
  /** Address of the server. */
  host: string;
  mode: ClientMode;
}

/** Returns whether the lab's server writes into a folder. */
export function writesLogs({ arguments: { server } }: LabManifest): boolean {
  return server.some((word) => word.includes("{logs}"));
}

/** Returns the arguments of the lab's server. */
export function serverArguments(
  { port, arguments: { server } }: LabManifest,
  { host = "", logs }: ServerRequest,
): string[] {
  const args = fillTemplate(server, { port, logs });
  // Programs take --host, and listen on all addresses of IPv4 unless it says otherwise.
  return host.includes(":") ? [...args, "--host", "::"] : args;
}

/**
 * Returns the arguments of the lab's client.
 *
 * @throws {LabError} Where an option is outside the lab's limits.
 */
export function clientArguments(manifest: LabManifest, options: ClientRequest): string[] {
  const { host, mode, ...request } = options;
  const { count, interval_ms, size_bytes, swarm, timeout_ms } = completeRequest(manifest, request);
  return fillTemplate(manifest.arguments[mode] ?? [], {
    host,
    port: manifest.port,
    timeout: timeout_ms,
    ...(count === undefined ? {} : { count }),
    ...(interval_ms === undefined ? {} : { interval: interval_ms }),
    ...(size_bytes === undefined ? {} : { size: size_bytes }),
    ...(swarm === undefined ? {} : { swarm }),
  });
}
