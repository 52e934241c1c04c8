/** Images out of an archive. */
import type Docker from "dockerode";
import { Readable } from "node:stream";
import { type ArchivedImage, ArchiveError, readArchive } from "./image_archive.ts";
import { follow } from "./image_build.ts";
import { engineFault } from "./image_faults.ts";
import { enginePlatform, removeUnused } from "./images.ts";

/**
 * Loads an archive into an engine. What was built elsewhere for this engine's platform gets the names that it has here.
 *
 * @returns What the archive held, by the names it has now.
 * @throws {ArchiveError} Where it holds nothing of the lab's, or for another platform.
 * @throws {MachineError} Where the engine refuses, or its disk is full.
 */
export async function loadImages(
  docker: Docker,
  file: string,
  options: { signal?: AbortSignal; onBytes?: (bytes: number) => void } = {},
): Promise<ArchivedImage[]> {
  const { signal, onBytes = () => {} } = options;
  const held = await readArchive(file);
  const own = await enginePlatform(docker);
  checkHeld(held, own, file);
  const before = await Promise.all(
    held.flatMap(({ tags }) => tags).map((tag) => idOf(docker, tag)),
  );
  using source = await Deno.open(file);
  const pieces = async function* () {
    let bytes = 0;
    for (;;) {
      const piece = new Uint8Array(1 << 18);
      const count = await source.read(piece);
      if (count === null) return;
      onBytes(bytes += count);
      yield piece.subarray(0, count);
    }
  };
  const body = Readable.from(pieces());
  try {
    const answer = await docker.loadImage(
      body as never,
      { quiet: true, abortSignal: signal } as never,
    ) as unknown as Readable;
    await follow(answer);
  } catch (error) {
    signal?.throwIfAborted();
    throw engineFault(error, `load ${file}`);
  } finally {
    body.destroy();
  }
  for (const image of held) {
    image.tags = await Promise.all(image.tags.map((tag) => adopt(docker, tag, own)));
  }
  for (const id of before) if (id !== null) await removeUnused(docker, id);
  return held;
}

async function idOf(docker: Docker, tag: string): Promise<string | null> {
  return await docker.getImage(tag).inspect().then(({ Id }) => Id, () => null);
}

/** Gives what was built for this platform elsewhere the name that it has here. */
async function adopt(docker: Docker, tag: string, own: string): Promise<string> {
  const suffix = `-${own.replace("linux/", "")}`;
  if (!/^socklab\/\w+:/.test(tag) || !tag.endsWith(suffix)) return tag;
  const here = tag.slice(0, -suffix.length);
  const [repo = "", version = ""] = here.split(":");
  try {
    await docker.getImage(tag).tag({ repo, tag: version });
    await docker.getImage(tag).remove();
  } catch (error) {
    throw engineFault(error, `name ${here}`);
  }
  return here;
}

/** @throws {ArchiveError} Where this engine has no use for it. */
function checkHeld(held: readonly ArchivedImage[], own: string, file: string): void {
  const ours = held.filter(({ tags }) => tags.some((tag) => tag.startsWith("socklab/")));
  if (ours.length === 0) {
    const names = held.flatMap(({ tags }) => tags).join(", ") || "images without names";
    throw new ArchiveError(
      `Give an archive that ./lab images --save has written: ${file} holds ${names}`,
    );
  }
  const foreign = ours.find(({ platform }) => platform !== own);
  if (foreign) {
    throw new ArchiveError(
      `Give an archive for ${own} (./lab images --save FILE --platform ${own}): ${file} is for ${foreign.platform}`,
    );
  }
}
