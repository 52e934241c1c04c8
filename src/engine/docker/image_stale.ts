/** Saying that an image is not what the checkout wants, to a user who only runs a lab. */
import type Docker from "dockerode";
import { LAB_IMAGES } from "./image_recipe.ts";
import { imageStates } from "./image_states.ts";

/**
 * Returns a line about those of the images that labs run in which are stale: they are used all the same, for building
 * takes minutes and perhaps a registry. Null where there is nothing to say, or one is missing: then all are seen to.
 */
export async function staleNotice(docker: Docker): Promise<string | null> {
  const states = await imageStates(docker, { names: LAB_IMAGES }).catch(() => []);
  const stale = states.filter(({ state }) => state === "stale").map(({ tag }) => tag);
  if (stale.length === 0 || states.some(({ state }) => state === "missing")) return null;
  const were = stale.length === 1 ? "was" : "were";
  return `Run ./lab images, which builds anew: ${
    stale.join(" and ")
  } ${were} built from another state of this checkout`;
}
