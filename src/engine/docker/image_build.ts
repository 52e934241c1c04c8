/** One build of an image by the engine's BuildKit, through its API: no command-line client, no plugin of it. */
import type Docker from "dockerode";
import { Readable } from "node:stream";
import { isConnectionFault } from "./explain.ts";
import { engineFault, RegistryError } from "./image_faults.ts";
import { BuildProgress, type Stage } from "./image_progress.ts";
import { type TarFile, tarPieces } from "./image_tar.ts";
import { readTrace } from "./image_trace.ts";

/** What a build takes. */
export interface BuildOptions {
  /** The Dockerfile's path in the context. */
  dockerfile: string;
  /** The image's name and tag. */
  tag: string;
  /** Such as `linux/arm64`. */
  platform: string;
  args: Record<string, string>;
  /** Whether its commands may use the network; true unless given. */
  network?: boolean;
  signal?: AbortSignal;
  /** What is being done. */
  onStage?: (stage: Stage) => void;
  /** Seconds that a registry may take for its first answer. */
  patience?: number;
}

/**
 * Builds an image. It is tagged once it is whole: an aborted or failed build leaves the engine's build cache, no image.
 *
 * @throws {RegistryError} Where bases cannot be pulled.
 * @throws {MachineError} Where the engine cannot build it.
 */
export async function buildImage(
  docker: Docker,
  context: readonly TarFile[],
  options: BuildOptions,
): Promise<void> {
  // Docker Hub hands out nothing without a token, and BuildKit asks for one over a session. Without a pull, none is needed.
  const session = options.network !== false;
  try {
    await build(docker, context, options, session);
  } catch (error) {
    const { cause } = error as Error;
    if (!(cause instanceof Error)) throw error;
    // Engines that are only like Docker know no sessions.
    const { statusCode = 500 } = cause as { statusCode?: number };
    const unknown = session && statusCode < 500;
    // A connection may break although the engine is there, as one does that was kept for later and that it has closed.
    const broken = isConnectionFault(cause) && await answers(docker);
    if (!unknown && !broken) throw error;
    await build(docker, context, options, session && !unknown);
  }
}

async function answers(docker: Docker): Promise<boolean> {
  return await docker.ping().then(() => true, () => false);
}

async function build(
  docker: Docker,
  context: readonly TarFile[],
  options: BuildOptions,
  session: boolean,
): Promise<void> {
  const { tag, signal, patience = 20 } = options;
  signal?.throwIfAborted();
  const progress = new BuildProgress();
  const impatience = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const body = Readable.from(tarPieces(context));
  try {
    const answer = await docker.buildImage(body, {
      t: tag,
      dockerfile: options.dockerfile,
      platform: options.platform,
      buildargs: options.args,
      ...(options.network === false ? { networkmode: "none" } : {}),
      rm: true,
      forcerm: true,
      // BuildKit. The client library opens a session where this is a text.
      version: session ? "2" : 2,
      abortSignal: AbortSignal.any([impatience.signal, ...(signal ? [signal] : [])]),
    } as unknown as Docker.ImageBuildOptions);
    await follow(answer, (event) => {
      if (event.id !== "moby.buildkit.trace" || typeof event.aux !== "string") return;
      options.onStage?.(progress.take(readTrace(event.aux)));
      if (progress.asking) timer ??= setTimeout(() => impatience.abort(), patience * 1000);
      else clearTimeout(timer), timer = undefined;
    });
  } catch (error) {
    signal?.throwIfAborted();
    if (impatience.signal.aborted) {
      throw new RegistryError(`it does not answer within ${patience} s`, { cause: error });
    }
    throw engineFault(error, `build ${tag}`, progress.lastLines);
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

/** One object of an engine's answer that comes as it works. */
export interface EngineEvent {
  id?: string;
  aux?: unknown;
  error?: string;
  stream?: string;
  status?: string;
}

/** Reads such an answer to its end. Rejects where it breaks off, and with the engine's own words where it failed. */
export async function follow(
  answer: NodeJS.ReadableStream,
  take: (event: EngineEvent) => void = () => {},
): Promise<void> {
  const line = (text: string) => {
    if (text.trim() === "") return;
    const event = JSON.parse(text) as EngineEvent;
    // The status tells it from a failure of the way to the engine: its words may be on connections, too.
    if (event.error !== undefined) throw Object.assign(new Error(event.error), { statusCode: 500 });
    take(event);
  };
  let rest = "";
  const decoder = new TextDecoder();
  for await (const piece of answer as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(line);
  }
  line(rest);
}
