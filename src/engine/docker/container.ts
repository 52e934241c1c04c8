/** A container of ours, from its creation to its end. */
import type Docker from "dockerode";
import { delay } from "../process.ts";
import { isStatus } from "./removal.ts";
import { type Attached, hijack } from "./hijack.ts";
import type { DockerSocket } from "../docker_socket.ts";

/** Milliseconds that an address may stay with a container that has ended, and between two attempts at it. */
const PATIENCE = 5000, PAUSE = 20;

/** An engine to make containers on. */
export interface Engine {
  docker: Docker;
  socket: DockerSocket;
  /** Builds or fetches our images; called where one is found missing, once. */
  provideImages: () => Promise<void>;
  /** Takes lines about what is made ready. */
  onNotice: (line: string) => void;
}

/** A container that runs, or is about to. */
export interface Started {
  id: string;
  /** Its standard streams, from its first byte on. */
  attached: Attached;
}

/**
 * Creates a container, attaches to it, and starts it: once its address is free, for an engine may tell of a container's
 * end before it takes the address back.
 *
 * @param options.before What must be done before it starts, such as its network.
 * @throws {Error} The engine's own. Nothing is undone: what is labelled is removed by its label.
 */
export async function startContainer(
  engine: Engine,
  config: Docker.ContainerCreateOptions,
  options: { before?: Promise<unknown>; signal?: AbortSignal } = {},
): Promise<Started> {
  const deadline = performance.now() + PATIENCE;
  let taken = /address already in use/i;
  for (;;) {
    try {
      return await startOnce(engine, config, options);
    } catch (error) {
      if (!taken.test((error as Error).message) || performance.now() > deadline) throw error;
      // What could not be started is being removed, and has its name until then.
      taken = /already in use/i;
      await delay(PAUSE).done;
    }
  }
}

async function startOnce(
  engine: Engine,
  config: Docker.ContainerCreateOptions,
  { before, signal }: { before?: Promise<unknown>; signal?: AbortSignal },
): Promise<Started> {
  const container = await create(engine, config);
  const tty = config.Tty ? "&detachKeys=ctrl-_,ctrl-_,ctrl-_" : "";
  const attached = await hijack(
    engine.socket,
    `/containers/${container.id}/attach?stream=1&stdin=1&stdout=1&stderr=1${tty}`,
  );
  try {
    await before;
    signal?.throwIfAborted();
    await container.start();
    return { id: container.id, attached };
  } catch (error) {
    attached.close();
    throw error;
  }
}

async function create(
  engine: Engine,
  config: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  try {
    return await engine.docker.createContainer(config);
  } catch (error) {
    if (!isStatus(error, 404) || !/no such image/i.test((error as Error).message)) throw error;
  }
  await engine.provideImages();
  return await engine.docker.createContainer(config);
}
