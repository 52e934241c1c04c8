/** Removing containers and networks by their labels, however far they have come. */
import type Docker from "dockerode";
import { delay } from "../process.ts";
import { inTurns } from "./in_turns.ts";
import { OWNER, ownerOf } from "./labels.ts";

/** Milliseconds after which what no process here owns, and does not run, is nobody's any more. */
const FORGOTTEN = 600_000;
/** Containers removed at a time. */
const AT_ONCE = 8;
/** Milliseconds between two looks at what is going. */
const PAUSE = 20;
/** Milliseconds that a container takes at most from its removal's begin to its end. */
const PATIENCE = 10_000;

/**
 * Removes every container and network with all of the labels, such as `socklab.owner=17:4711`; returns how many there
 * were.
 *
 * @throws {Error} Where the engine does not answer, or something does not go.
 */
export async function removeLabelled(docker: Docker, labels: readonly string[]): Promise<number> {
  const filters = { label: [...labels] };
  const deadline = performance.now() + PATIENCE;
  let found = 0;
  for (;;) {
    const [containers, networks] = await Promise.all([
      docker.listContainers({ all: true, filters }),
      docker.listNetworks({ filters }),
    ]);
    found ||= containers.length + networks.length;
    if (containers.length + networks.length === 0) return found;
    if (performance.now() > deadline) {
      throw new Error(`Docker did not remove ${containers.length} containers`);
    }
    await removeContainers(docker, containers.map(({ Id }) => Id));
    await removeNetworks(docker, networks.map(({ Id }) => Id));
    await delay(PAUSE).done;
  }
}

/** Removes containers by force; those that have gone, or are going, are no error. */
export async function removeContainers(docker: Docker, ids: readonly string[]): Promise<void> {
  await inTurns(ids, AT_ONCE, async (id) => {
    try {
      await docker.getContainer(id).remove({ force: true, v: true });
    } catch (error) {
      if (!isStatus(error, 404, 409)) throw error;
    }
  });
}

/** Removes networks; one that has a container for a moment yet is tried again. */
export async function removeNetworks(docker: Docker, ids: readonly string[]): Promise<void> {
  await Promise.all(ids.map(async (id) => {
    const deadline = performance.now() + PATIENCE / 2;
    for (;;) {
      try {
        await docker.getNetwork(id).remove();
        return;
      } catch (error) {
        if (isStatus(error, 404)) return;
        if (!isStatus(error, 403, 409) || performance.now() > deadline) throw error;
      }
      await delay(PAUSE).done;
    }
  }));
}

/** Removes what owners that no longer run have left; also what has lain about unused for long, from who knows where. */
export async function removeForgotten(docker: Docker): Promise<void> {
  const filters = { label: [OWNER] };
  const [containers, networks] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
  ]);
  const old = (created: number) => Date.now() - created > FORGOTTEN;
  const gone = containers.filter(({ Labels, State, Created }) => {
    const owner = ownerOf(Labels);
    return owner === "gone" ||
      (owner === "elsewhere" && State !== "running" && old(Created * 1000));
  });
  await removeContainers(docker, gone.map(({ Id }) => Id));
  const left = containers.length > gone.length
    ? new Set(containers.filter((one) => !gone.includes(one)).map(({ Labels }) => Labels[OWNER]))
    : new Set();
  const unused = networks.filter(({ Labels = {}, Created }) => {
    const owner = ownerOf(Labels);
    return owner === "gone" ||
      (owner === "elsewhere" && !left.has(Labels[OWNER]!) && old(Date.parse(Created)));
  });
  await removeNetworks(docker, unused.map(({ Id }) => Id));
}

/** Whether an error is the engine's answer with one of these statuses. */
export function isStatus(error: unknown, ...statuses: number[]): boolean {
  return statuses.includes((error as { statusCode?: number } | null)?.statusCode ?? 0);
}
