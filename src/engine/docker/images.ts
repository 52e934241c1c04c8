/** Building the lab's images: those that are missing or stale. */
import type Docker from "dockerode";
import { MachineError } from "../machine_error.ts";
import { Bases } from "./image_bases.ts";
import { buildImage, type BuildOptions } from "./image_build.ts";
import { buildWithCompose, isUploadFault } from "./image_compose.ts";
import { contextFiles } from "./image_context.ts";
import { RegistryError } from "./image_faults.ts";
import type { Stage } from "./image_progress.ts";
import {
  BUILT_UPON,
  type ImageName,
  IMAGES,
  LAB_IMAGES,
  PACKAGES,
  readPackages,
  readVersions,
  recipeHash,
} from "./image_recipe.ts";
import {
  enginePlatform,
  type ImageOptions,
  type ImageState,
  imageStates,
  inspect,
  ROOT,
} from "./image_states.ts";

export { enginePlatform, type ImageOptions, type ImageState, imageStates };

/** What building takes besides. */
export interface BuildImagesOptions extends ImageOptions {
  /** Make the bases of Debian packages, and ask no registry. */
  offline?: boolean;
  /** Something that the user should know, in one line. */
  onNotice?: (line: string) => void;
  /** What will be built, before it is begun. */
  onPlan?: (images: readonly ImageState[]) => void;
  /** What is being done for an image; often. */
  onStage?: (tag: string, stage: Stage) => void;
  /** An image is there now. */
  onBuilt?: (image: ImageState) => void;
  /** Seconds that a registry may take for its first answer; 20 unless given. */
  patience?: number;
  /** The environment of the tools that make bases, besides our own. */
  env?: Record<string, string>;
}

/**
 * Builds the images that are missing, stale or unknown: from pulled bases or, where no registry can be reached, from Debian
 * packages. Returns every image as it is then.
 *
 * @throws {MachineError} Where one cannot be built.
 */
export async function buildImages(
  docker: Docker,
  options: BuildImagesOptions = {},
): Promise<ImageState[]> {
  const { root = ROOT, signal, onNotice = () => {}, onStage = () => {} } = options;
  const states = await imageStates(docker, options);
  if (states.every(({ state }) => state === "ready")) return states;
  options.onPlan?.(states.filter(({ state }) => state !== "ready"));
  const versions = readVersions(root);
  const own = await enginePlatform(docker);
  const context = contextFiles(root, versions.std, Deno.env.get("LAB_IMPORTS"));
  let offline = options.offline ?? false;
  let byCompose = false;
  await using bases = new Lazy(async (tag: string) => {
    const architectures = [...new Set(states.map(({ platform }) => platform).concat(own))]
      .map((platform) => platform.replace("linux/", ""));
    const wanted = states.filter(({ state }) => state !== "ready").map(({ name }) => name);
    return await Bases.make(root, {
      packages: readPackages(root, wanted),
      architectures,
      signal,
      env: options.env,
      onStage: (text) => onStage(tag, { text }),
    });
  });
  const build = async ({ name, tag, platform }: ImageState) => {
    const recipe = await recipeHash(root, name);
    const under = BUILT_UPON[name];
    const files = offline && PACKAGES[name] !== null ? (await bases.get(tag)).files : [];
    const make: BuildOptions = {
      tag,
      platform,
      dockerfile: `images/${name}/Dockerfile`,
      args: {
        BASES: offline ? "given" : "pulled",
        VERSION: versions.socklab,
        RECIPE: recipe,
        ...(offline ? {} : ownBases()),
        ...(under === undefined
          ? {}
          : { [under.toUpperCase()]: tag.replace(`/${name}:`, `/${under}:`) }),
      },
      // What is needed is there: so nothing may come from elsewhere.
      network: !offline,
      signal,
      onStage: (stage) => onStage(tag, stage),
      patience: options.patience,
    };
    const all = [...context, ...files];
    if (!byCompose) {
      try {
        return await buildImage(docker, all, make);
      } catch (error) {
        if (!isUploadFault(error)) throw error;
        byCompose = true;
      }
    }
    await buildWithCompose(engineHost(docker), all, make);
  };
  for (const image of states) {
    if (image.state === "ready") continue;
    const before = await inspect(docker, image.tag);
    try {
      await build(image);
    } catch (error) {
      if (!(error instanceof RegistryError) || offline) throw asMachineError(error);
      offline = true;
      onNotice(
        `taking Debian packages instead of pulled images: no registry gives them (${error.message})`,
      );
      await build(image).catch((again) => {
        throw asMachineError(again);
      });
    }
    const found = await inspect(docker, image.tag);
    Object.assign(image, { state: "ready", size: found?.Size ?? null });
    if (before !== null && before.Id !== found?.Id) await removeUnused(docker, before.Id);
    options.onBuilt?.(image);
  }
  return states;
}

/**
 * Sees to it that an engine has the images that labs run in, for a caller that needs them: builds what is missing or
 * stale. A stale one that cannot be built anew is used as it is.
 *
 * @throws {MachineError} Where a missing one cannot be built.
 */
export async function ensureImages(
  docker: Docker,
  options: BuildImagesOptions = {},
): Promise<void> {
  options = { names: LAB_IMAGES, ...options };
  const states = await imageStates(docker, options);
  const wanted = states.filter(({ state }) => state === "missing" || state === "stale");
  if (wanted.length === 0) return;
  const notice = options.onNotice ?? (() => {});
  notice(`building ${wanted.map(({ tag }) => tag).join(" and ")} (once)`);
  try {
    await buildImages(docker, { ...options, names: withBelow(wanted.map(({ name }) => name)) });
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof MachineError)) throw error;
    if (wanted.some(({ state }) => state === "missing")) throw error;
    notice(`using the older images that are there: ${error.message}`);
  }
}

/** With those that they are built upon, in the order they are built in: what is built upon an old one is no newer. */
function withBelow(names: readonly ImageName[]): ImageName[] {
  const below = names.flatMap((name) => BUILT_UPON[name] ?? []);
  return IMAGES.filter((name) => names.includes(name) || below.includes(name));
}

function asMachineError(error: unknown): unknown {
  if (!(error instanceof RegistryError)) return error;
  return new MachineError(
    `Go online and try again, or load an archive with ./lab images --load FILE: ${error.message}`,
    { cause: error },
  );
}

/** Bases from a registry of the user's own, as Compose takes them, too. */
function ownBases(): Record<string, string> {
  const args: Record<string, string> = {};
  for (const name of ["DEBIAN", "DENO"]) {
    const own = Deno.env.get(`LAB_BASE_${name}`);
    if (own) args[name] = own;
  }
  return args;
}

/** The engine of a client, as DOCKER_HOST has it. */
function engineHost(docker: Docker): string {
  const { socketPath, host, port } = docker.modem as {
    socketPath?: string;
    host?: string;
    port?: number;
  };
  return socketPath === undefined ? `tcp://${host}:${port}` : `unix://${socketPath}`;
}

/** Removes an image that has lost its name. One that a container still uses, or that has a name, stays. */
export async function removeUnused(docker: Docker, id: string): Promise<void> {
  const found = await docker.getImage(id).inspect().catch(() => null);
  if (found?.RepoTags?.length === 0) await docker.getImage(id).remove().catch(() => {});
}

/** Something that is made when it is first needed, and disposed of if it was. */
class Lazy<T extends AsyncDisposable> implements AsyncDisposable {
  #made: Promise<T> | undefined;

  constructor(readonly make: (tag: string) => Promise<T>) {}

  get(tag: string): Promise<T> {
    return this.#made ??= this.make(tag);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const made = await this.#made?.catch(() => undefined);
    await made?.[Symbol.asyncDispose]();
  }
}
