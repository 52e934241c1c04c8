import { describe, expect, test } from "vitest";
import { equipped, tag } from "./fake_docker_for_test.ts";
import { staleNotice } from "./image_stale.ts";

describe("staleNotice()", () => {
  const stale = { recipe: "older", architecture: "amd64" };

  test("says nothing of images that are as the checkout has them, or that Compose has built", async () => {
    const docker = await equipped();
    expect(await staleNotice(docker.client)).toBeNull();
    docker.images.set(tag("link"), { architecture: "amd64" });
    docker.images.set(tag("reaper"), stale);
    expect(await staleNotice(docker.client)).toBeNull();
  });

  test("names the stale ones, and what to do", async () => {
    const docker = await equipped();
    docker.images.set(tag("link"), stale);
    const one = `Run ./lab images, which builds anew: ${tag("link")} was built from another state`;
    expect(await staleNotice(docker.client)).toBe(`${one} of this checkout`);
    docker.images.set(tag("programs"), stale);
    expect(await staleNotice(docker.client))
      .toContain(`: ${tag("programs")} and ${tag("link")} were built from another`);
  });

  test("leaves it to who builds them where one is missing, and an engine's faults to who needs it", async () => {
    const docker = await equipped();
    docker.images.set(tag("link"), stale);
    docker.images.delete(tag("programs"));
    expect(await staleNotice(docker.client)).toBeNull();
    docker.version = () => Promise.reject(new Error("gone"));
    expect(await staleNotice(docker.client)).toBeNull();
  });
});
