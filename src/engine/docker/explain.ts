/** From what an engine, or the way to it, said to one line for the user. Pure. */
import type { DockerFacts } from "../machine_facts.ts";
import { MachineError } from "../machine_error.ts";
import { OLDEST_ENGINE } from "../docker_version.ts";

/** What the engine was asked to do, as in `refused to start the link`. */
export type Doing = string;

/** Returns why no engine can be used, with what to do first. */
export function explainAbsence({ reason, socket, version }: DockerFacts): string {
  if (version !== null) {
    return `Update Docker to ${OLDEST_ENGINE} or newer, or use --engine local: ${version} answers on ${socket}`;
  }
  switch (reason) {
    case "forbidden":
      return `Join the group that may use Docker (sudo usermod -aG docker "$USER", then log in again), ` +
        `or use --engine local: ${socket} is not yours to use`;
    case "refused":
      return `Start Docker, or use --engine local: nobody listens on ${socket}`;
    case "silent":
      return `Restart Docker, or use --engine local: ${socket} does not answer as Docker does`;
    case "unknown-host":
      return `Set DOCKER_HOST to a unix:// or tcp:// address, or unset it: it is ${socket}`;
    default:
      return "Install Docker and start it, or use --engine local: no Docker engine answers here";
  }
}

/** Where the engine goes while it is used. */
export const ENGINE_LOST = "Start Docker again, then repeat the command: the engine has stopped";

/** Known words of the engine, with what to do about them. */
const KNOWN: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [
    /bind source path does not exist: (.*)/,
    (match) =>
      `Use a Docker engine of this machine, or --engine local: Docker finds no folder ${match[1]}`,
  ],
  [
    /Mounts denied|is not shared from the host/i,
    () => "Share the folder of the checkout with Docker (its settings, File sharing)",
  ],
  [
    /non-overlapping IPv4 address pool/,
    () =>
      "Run docker network prune, which removes networks that nothing uses: no subnet is free for this lab's",
  ],
  [
    /no space left on device|disk quota exceeded/i,
    () =>
      "Make room where Docker keeps its data (docker system df tells what takes it): its disk is full",
  ],
  [
    /[Cc]onflict.*?name "?\/?([\w.-]+)"? is already in use/,
    (match) =>
      `Remove the container ${match[1]}, which is not ours and in the way (docker rm -f ${
        match[1]
      })`,
  ],
  [
    /network with name ([\w.-]+) already exists/,
    (match) =>
      `Remove the network ${match[1]}, which is not ours and in the way (docker network rm ${
        match[1]
      })`,
  ],
  [
    /sysctl.*?(?:"|\/)(net[./][\w./]+)/,
    (match) =>
      `Use --engine local, or another kernel for Docker: it does not let a container set ${
        match[1]
      }`,
  ],
];

/**
 * Returns an error as a line for the user.
 *
 * @param error What the client library, or a connection to the engine, threw.
 */
export function explainDocker(error: unknown, doing: Doing): Error {
  if (error instanceof MachineError || !(error instanceof Error)) return error as Error;
  const message = plain(error);
  if (isConnectionFault(error)) return new MachineError(ENGINE_LOST, { cause: error });
  for (const [pattern, say] of KNOWN) {
    const match = pattern.exec(message);
    if (match !== null) return new MachineError(say(match), { cause: error });
  }
  return new MachineError(
    `Look at Docker's log, or use --engine local: Docker could not ${doing} (${message})`,
    {
      cause: error,
    },
  );
}

/** Whether an engine refused a container because its machine has no folder for the tun device. */
export function isWithoutTun(error: unknown): boolean {
  return error instanceof Error &&
    /bind source path does not exist: \/dev\/net$/.test(plain(error));
}

/** Whether the way to the engine failed, rather than the engine refused. */
export function isConnectionFault(error: unknown): boolean {
  if ((error as { statusCode?: number }).statusCode !== undefined) return false;
  const { code, message = "" } = error as { code?: string; message?: string };
  return /^(?:ECONNREFUSED|ECONNRESET|ENOENT|EPIPE)$/.test(code ?? "") ||
    /socket hang up|ECONNRE|Connection (?:refused|reset)|No such file .*os error 2/i.test(message);
}

/** The engine's own words on one line, without what the client library puts around them. */
function plain(error: Error): string {
  const reason = (error as { json?: { message?: string } }).json?.message ?? error.message;
  return reason.replace(/^\(HTTP code \d+\) [\w ]*- /, "").replace(/\s+/g, " ").trim();
}
