/** Finding link and agent when containers start at the same time: whoever is not there yet will be. */
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import { LINK_FAILURE } from "./agent_protocol.ts";

/** Milliseconds between looks; a container starts in hundreds. */
const pause = 5;
/** Milliseconds until one that does not come up is given up. */
const patience = 20_000;

/**
 * Calls until it succeeds.
 *
 * @param what Named where it never does: `lab3-link`.
 * @throws {MachineError} With the link's own words where it failed; or once patience is at its end.
 */
export async function reach<T>(
  what: string,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (cause) {
      const failure = linkFailure();
      if (failure !== null) throw new MachineError(failure, { cause });
      if (performance.now() > deadline) {
        throw new MachineError(
          `Look at docker compose logs ${what}: it did not answer within ${patience / 1000} s`,
          { cause },
        );
      }
    }
    await delay(pause).done;
  }
}

/** The link's last words, in one line; null where it did not fail. */
export function linkFailure(file = LINK_FAILURE): string | null {
  try {
    const lines = Deno.readTextFileSync(file).split("\n").filter((line) => line.trim() !== "");
    return lines.at(-1)?.trim() ?? "Look at the link's log: it ended without a word";
  } catch {
    return null;
  }
}
