/** The image of a sandbox: one of ours, or another with our agent on top. */
import type Docker from "dockerode";
import { MachineError } from "../machine_error.ts";
import type { Engine } from "./container.ts";
import { buildImage } from "./image_build.ts";
import { RegistryError } from "./image_faults.ts";
import { SANDBOX_IMAGE } from "./image_names.ts";
import { type ImageName, imageTag, readVersions, RECIPE_LABEL } from "./image_recipe.ts";
import { enginePlatform, inspect, ROOT } from "./image_states.ts";
import { type BuildImagesOptions, ensureImages } from "./images.ts";

/** Ours, by the names that submissions call them. */
const OWN: Readonly<Record<string, ImageName>> = { deno: "sandbox", python: "python" };

const DOCKERFILE = "images/foreign/Dockerfile";

/** What is being seen to, by engine and image: many sandboxes may be opened at once. */
const underWay = new Map<string, Promise<string>>();

/**
 * Sees to it that an engine has the image, once for all who ask meanwhile, and returns its tag.
 *
 * @param name `deno`, `python`, or the name of an image that the engine has. Default: `deno`.
 * @throws {MachineError} Where it is not there, or cannot be built.
 */
export function sandboxImage(
  { docker, socket, onNotice }: Pick<Engine, "docker" | "socket" | "onNotice">,
  name: string = "deno",
): Promise<string> {
  const key = JSON.stringify([socket, name]);
  const known = underWay.get(key);
  if (known !== undefined) return known;
  const seeing = provide(docker, name, { onNotice }).finally(() => underWay.delete(key));
  underWay.set(key, seeing);
  return seeing;
}

async function provide(
  docker: Docker,
  name: string,
  options: BuildImagesOptions,
): Promise<string> {
  const own = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
  await ensureImages(docker, { ...options, names: [own ?? "sandbox"] });
  return own === undefined
    ? await withAgent(docker, name, options)
    : imageTag(own, readVersions(ROOT).socklab);
}

/** Builds another image with the agent on top, unless it is there: of these two, as they are now. */
async function withAgent(
  docker: Docker,
  base: string,
  { signal, onNotice = () => {} }: BuildImagesOptions,
): Promise<string> {
  const [found, agent] = await Promise.all([inspect(docker, base), inspect(docker, SANDBOX_IMAGE)]);
  if (found === null) {
    throw new MachineError(
      `Pull the image first (docker pull ${base}), or name another: the engine has no image ${base}`,
    );
  }
  const dockerfile = Deno.readTextFileSync(`${ROOT}/${DOCKERFILE}`);
  const recipe = await hashOf([dockerfile, found.Id, agent?.Id ?? ""]);
  const tag = `socklab/foreign:${recipe}`;
  const there = await inspect(docker, tag);
  if (there?.Config?.Labels?.[RECIPE_LABEL] === recipe) return tag;
  onNotice(`building a sandbox on ${base} (once)`);
  try {
    await buildImage(
      docker,
      [{ path: DOCKERFILE, content: new TextEncoder().encode(dockerfile) }],
      {
        dockerfile: DOCKERFILE,
        tag,
        platform: await enginePlatform(docker),
        args: { SANDBOX: SANDBOX_IMAGE, BASE: base, RECIPE: recipe },
        network: false,
        ...(signal === undefined ? {} : { signal }),
      },
    );
  } catch (cause) {
    if (!(cause instanceof RegistryError)) throw cause;
    throw new MachineError(`Look at the image ${base}: ${cause.message}`, { cause });
  }
  return tag;
}

async function hashOf(parts: readonly string[]): Promise<string> {
  const bytes = new TextEncoder().encode(parts.join("\0"));
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 12).toHex();
}
