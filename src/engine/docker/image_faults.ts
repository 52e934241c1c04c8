/** What keeps images from being built, saved or loaded, as one line that begins with what to do. Pure. */
import { isRecent, OLDEST_ENGINE } from "../docker_version.ts";
import { MachineError } from "../machine_error.ts";
import { ENGINE_LOST, isConnectionFault } from "./explain.ts";

/** What images are built on cannot be pulled or fetched by the engine: bases made here may do instead. */
export class RegistryError extends Error {
  override name = "RegistryError";
}

/** Throws where an engine is too old. @throws {MachineError} */
export function checkEngine(version: string): void {
  if (isRecent(version)) return;
  throw new MachineError(
    `Update Docker to ${OLDEST_ENGINE} or newer: the engine here is ${version}`,
  );
}

/** What an engine says where it cannot reach a registry, or one does not hand out what was asked for. */
const REGISTRY =
  /failed to do request|dial tcp|no such host|i\/o timeout|TLS handshake timeout|proxyconnect|network is unreachable|connection (?:refused|reset)|server misbehaving|toomanyrequests|429 Too Many|unexpected status|pull access denied|failed to resolve source metadata|manifest unknown|failed to fetch (?:anonymous|oauth) token|failed to authorize|no active session|LLB definition: \S+: not found/i;

/**
 * Returns an engine's failure as what the caller is to be told.
 *
 * @param what What was being done: `build socklab/link:0.1.0`.
 * @param lines What the build's commands wrote last.
 */
export function engineFault(error: unknown, what: string, lines: readonly string[] = []): Error {
  if (error instanceof MachineError || error instanceof RegistryError) return error;
  const { message } = error as Error;
  const said = [message, ...lines].join("\n");
  if (/no space left on device|ENOSPC|disk quota exceeded|os error (?:28|122)\b/i.test(said)) {
    return new MachineError(
      `Make room where Docker keeps its images, to ${what}: the disk is full`,
      {
        cause: error,
      },
    );
  }
  if (isConnectionFault(error)) return new MachineError(ENGINE_LOST, { cause: error });
  const reason = reasonOf(message, lines);
  // A build that cannot fetch Debian's packages is as good as one without a registry: the bases are out of its reach.
  if (REGISTRY.test(message) || /download\.sh/.test(message)) {
    // Behind the address that was asked stands why that failed.
    return new RegistryError(reason.replace(/^.*(?:Head|Get) "[^"]*": /, ""), { cause: error });
  }
  return new MachineError(
    `Look at what the engine says, it could not ${what}: ${reason}`,
    { cause: error },
  );
}

/** The one line of an engine's words that says why. */
export function reasonOf(message: string, lines: readonly string[] = []): string {
  lines = lines.map((line) => stripAnsiCode(line));
  const failed = /executor failed running|did not complete successfully/.test(message);
  const line = failed
    ? lines.findLast((line) => /^(?:E:|error|.*Error:)/i.test(line)) ?? lines.at(-1) ?? message
    : message;
  const text = line.replace(/^\(HTTP code \d+\) [\w ]+ - /, "")
    .replace(
      /^(?:failed to solve[^:]*: |rpc error: code = \w+ desc = |failed to create LLB definition: |E: |error: )+/g,
      "",
    )
    .replace(/^(?:Uncaught )?(?:\(in promise\) )?\w*Error: /, "")
    .replace(/\s+/g, " ").trim();
  return text;
}

/** Leaves out the colours that commands put into their output. */
function stripAnsiCode(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
