import { describe, expect, test } from "vitest";
import { equipped, tag } from "./fake_docker_for_test.ts";
import { imageStates } from "./image_states.ts";

describe("imageStates()", () => {
  test("tells ready, stale and missing apart", async () => {
    const docker = await equipped();
    docker.images.get(tag("link"))!.recipe = "another";
    docker.images.delete(tag("reaper"));
    const states = await imageStates(docker.client);
    expect(states.map(({ name, state }) => [name, state])).toEqual([
      ["programs", "ready"],
      ["link", "stale"],
      ["sandbox", "ready"],
      ["python", "ready"],
      ["reaper", "missing"],
    ]);
  });

  test("takes one for another platform for stale, and does not know one without our label", async () => {
    const docker = await equipped();
    delete docker.images.get(tag("programs"))!.recipe;
    docker.images.get(tag("link"))!.architecture = "arm64";
    const states = await imageStates(docker.client, { names: ["programs", "link"] });
    expect(states.map(({ state }) => state)).toEqual(["unknown", "stale"]);
  });
});
