/** The images of the docker engine; loaded where they are used only. */
import type { ImageStore } from "./docker/image_store.ts";

export type { ArchivedImage } from "./docker/image_archive.ts";
export type { Stage } from "./docker/image_progress.ts";
export type { ImageStore, TransferOptions } from "./docker/image_store.ts";
export type { BuildImagesOptions, ImageOptions, ImageState } from "./docker/images.ts";

/**
 * Finds a container engine and returns what it has of images.
 *
 * @throws {MachineError} In one line, where no engine can be used.
 */
export async function openImages(
  options: { signal?: AbortSignal; onNotice?: (line: string) => void } = {},
): Promise<ImageStore> {
  const { ImageStore } = await import("./docker/image_store.ts");
  return await ImageStore.open(options);
}
