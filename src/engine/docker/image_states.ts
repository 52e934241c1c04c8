/** The state of the lab's images on an engine: which are there, which are missing or stale. */
import type Docker from "dockerode";
import { checkEngine, engineFault } from "./image_faults.ts";
import {
  type ImageName,
  IMAGES,
  imageTag,
  readVersions,
  RECIPE_LABEL,
  recipeHash,
} from "./image_recipe.ts";

/** The checkout that this file belongs to. */
export const ROOT = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(
  /\/$/,
  "",
);

/** One image on an engine. */
export interface ImageState {
  name: ImageName;
  /** Its name and tag. */
  tag: string;
  /** Such as `linux/amd64`. */
  platform: string;
  /**
   * `stale`: built from another Dockerfile or other versions than the checkout's, or for another platform; `unknown`: not
   * built by us, but by Docker Compose or by hand, so that nobody knows.
   */
  state: "ready" | "stale" | "unknown" | "missing";
  /** Bytes on the disk; null where it is missing. */
  size: number | null;
}

/** What looking at images takes. */
export interface ImageOptions {
  /** The checkout; that of this file unless given. */
  root?: string;
  /** Which; all unless given. */
  names?: readonly ImageName[];
  /** Such as `linux/arm64`; the engine's own unless given. */
  platform?: string;
  signal?: AbortSignal;
}

/**
 * Returns the state of each image on an engine.
 *
 * @throws {MachineError} Where the engine is too old or has gone.
 */
export async function imageStates(
  docker: Docker,
  options: ImageOptions = {},
): Promise<ImageState[]> {
  const { root = ROOT, names = IMAGES } = options;
  const { socklab } = readVersions(root);
  const own = await enginePlatform(docker);
  const platform = options.platform ?? own;
  const foreign = platform === own ? undefined : platform.replace("linux/", "");
  return await Promise.all(names.map(async (name): Promise<ImageState> => {
    const tag = imageTag(name, socklab, foreign);
    const [found, recipe] = await Promise.all([inspect(docker, tag), recipeHash(root, name)]);
    if (found === null) return { name, tag, platform, state: "missing", size: null };
    const built = found.Config?.Labels?.[RECIPE_LABEL] ?? "";
    const fits = `${found.Os}/${found.Architecture}` === platform && ["", recipe].includes(built);
    const state = !fits ? "stale" : built === "" ? "unknown" : "ready";
    return { name, tag, platform, state, size: found.Size };
  }));
}

/** The engine's own platform, such as `linux/amd64`. @throws {MachineError} Where the engine is too old or has gone. */
export async function enginePlatform(docker: Docker): Promise<string> {
  const version = await docker.version().catch((error: unknown) => {
    throw engineFault(error, "look at its images");
  });
  checkEngine(version.Version);
  return `${version.Os}/${version.Arch}`;
}

/** Returns what an engine knows of an image; null where it has none of that name. */
export async function inspect(
  docker: Docker,
  tag: string,
): Promise<Docker.ImageInspectInfo | null> {
  try {
    return await docker.getImage(tag).inspect();
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return null;
    throw engineFault(error, `look at ${tag}`);
  }
}
