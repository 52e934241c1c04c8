/** An engine's images, for the verb: the client library stays behind it. */
import type Docker from "dockerode";
import { parseDockerSocket } from "../docker_socket.ts";
import { probeDocker } from "../docker_probe.ts";
import { MachineError } from "../machine_error.ts";
import { explainAbsence } from "./explain.ts";
import type { ArchivedImage } from "./image_archive.ts";
import { checkEngine } from "./image_faults.ts";
import { loadImages } from "./image_load.ts";
import { saveImages } from "./image_save.ts";
import { buildImages, type BuildImagesOptions, type ImageState } from "./images.ts";
import { openClient } from "./module.ts";

/** What saving and loading take. */
export interface TransferOptions {
  signal?: AbortSignal;
  /** Called with the number of bytes moved so far. */
  onBytes?: (bytes: number) => void;
}

/** An engine that answers, and its images. */
export class ImageStore {
  private constructor(readonly docker: Docker) {}

  /**
   * Finds an engine.
   *
   * @throws {MachineError} Where none answers, it is not ours to use, or too old.
   */
  static async open(
    options: { signal?: AbortSignal; onNotice?: (line: string) => void } = {},
  ): Promise<ImageStore> {
    const facts = await probeDocker({ signal: options.signal });
    options.signal?.throwIfAborted();
    const place = facts.socket === null ? null : parseDockerSocket(facts.socket);
    if (facts.version === null || place === null) {
      // Images are Docker's: no other engine has a use for them.
      throw new MachineError(explainAbsence(facts).replace(", or use --engine local", ""));
    }
    checkEngine(facts.version);
    return new ImageStore(await openClient(place, options.onNotice));
  }

  /** Builds what is missing or stale; returns all images. @throws {MachineError} Where one cannot be built. */
  build(options: BuildImagesOptions): Promise<ImageState[]> {
    return buildImages(this.docker, options);
  }

  /** Writes images into an archive: {@link saveImages}. */
  save(tags: readonly string[], file: string, options: TransferOptions = {}): Promise<number> {
    return saveImages(this.docker, tags, file, options);
  }

  /** Loads an archive: {@link loadImages}. */
  load(file: string, options: TransferOptions = {}): Promise<ArchivedImage[]> {
    return loadImages(this.docker, file, options);
  }
}
