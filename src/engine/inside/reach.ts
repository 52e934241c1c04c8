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
 * @throws {MachineError} With the link's own words where it has failed twice: the first failure may be an earlier run's.
 * Or once patience is at its end.
 */
export async function reach<T>(
  what: string,
  attempt: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const deadline = performance.now() + patience;
  let first: number | null = null;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (cause) {
      const failure = linkFailure();
      first ??= failure?.at ?? null;
      if (failure !== null && failure.at !== first) {
        throw new MachineError(failure.words, { cause });
      }
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

/** The link's last words, in one line, and when it said them (ms); null where it did not fail. */
export function linkFailure(file = LINK_FAILURE): { words: string; at: number } | null {
  try {
    const at = Deno.statSync(file).mtime!.getTime();
    const lines = Deno.readTextFileSync(file).split("\n").filter((line) => line.trim() !== "");
    return { words: lines.at(-1)?.trim() ?? "Look at the link's log: it ended without a word", at };
  } catch {
    return null;
  }
}
