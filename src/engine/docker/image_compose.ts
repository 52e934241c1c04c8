/**
 * A build of an image by `docker compose build`, for engines whose API cannot take one: with the containerd image store,
 * engines before 28 look for the uploaded context on the network (https://github.com/moby/moby/issues/47717).
 */
import { MachineError } from "../machine_error.ts";
import { childrenOf } from "../process.ts";
import type { BuildOptions } from "./image_build.ts";
import { engineFault } from "./image_faults.ts";
import { stageOf } from "./image_progress.ts";
import type { TarFile } from "./image_tar.ts";
import { makeTemporaryFolder } from "../temporary_folder.ts";

/** Whether an engine's failure is that it cannot take a build over its API. */
export function isUploadFault(error: unknown): boolean {
  const said = error instanceof Error ? `${error.message} ${(error.cause as Error)?.message}` : "";
  return /lookup build-context-|failed to read downloaded context/.test(said);
}

/**
 * Builds an image as {@link buildImage} does, by the command-line client of Docker that is on this machine.
 *
 * @param host The engine, as DOCKER_HOST has it.
 * @throws {MachineError} Where there is no Compose, or it cannot build the image.
 */
export async function buildWithCompose(
  host: string,
  context: readonly TarFile[],
  options: BuildOptions,
): Promise<void> {
  const { default: compose } = await import("docker-compose");
  const { tag, signal, platform } = options;
  using place = makeTemporaryFolder("images");
  await unfold(context, place.folder);
  signal?.throwIfAborted();
  const build = {
    context: place.folder,
    dockerfile: options.dockerfile,
    args: options.args,
    platforms: [platform],
    ...(options.network === false ? { network: "none" } : {}),
  };
  const lines: string[] = [];
  const before = new Set(childrenOf(Deno.pid));
  // The library keeps its child to itself.
  const end = () => {
    for (const pid of childrenOf(Deno.pid)) if (!before.has(pid)) Deno.kill(pid, "SIGINT");
  };
  const done = compose.buildAll(
    {
      cwd: place.folder,
      compose: { name: "socklab-images", services: { image: { image: tag, build } } },
      env: { ...Deno.env.toObject(), DOCKER_HOST: host, BUILDKIT_PROGRESS: "plain" },
      callback: (chunk) => {
        for (const line of chunk.toString().split("\n").filter((line) => line.trim() !== "")) {
          lines.push(line.replace(/^#\d+ (?:[\d.]+ )?/, ""));
          const stage = stageOf(lines.at(-1)!);
          if (stage !== null) options.onStage?.({ text: stage });
        }
      },
    } as Parameters<typeof compose.buildAll>[0],
  );
  signal?.addEventListener("abort", end);
  try {
    await done;
  } catch (error) {
    signal?.throwIfAborted();
    throw composeFault(error, tag, lines);
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

function composeFault(error: unknown, tag: string, lines: string[]): Error {
  const said = lines.join("\n");
  if (
    (error as { code?: string }).code === "ENOENT" ||
    /unknown (?:command|flag|shorthand)/.test(said)
  ) {
    return new MachineError(
      "Update Docker to 28 or newer, or install its Compose plugin (docker compose): this engine takes no build otherwise",
      { cause: error },
    );
  }
  const failed = lines.findLast((line) => /failed to solve|^ERROR/.test(line)) ?? lines.at(-1) ??
    "";
  return engineFault(Object.assign(new Error(failed), { statusCode: 500 }), `build ${tag}`, lines);
}

async function unfold(context: readonly TarFile[], folder: string): Promise<void> {
  for (const { path, content, executable } of context) {
    const target = `${folder}/${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    if (typeof content === "string") await Deno.copyFile(content, target);
    else await Deno.writeFile(target, content);
    await Deno.chmod(target, executable ? 0o755 : 0o644);
  }
}
