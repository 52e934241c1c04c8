import { describe, expect, test } from "vitest";
import { equipped, FakeDocker, tag } from "./fake_docker_for_test.ts";
import { sandboxImage } from "./sandbox_image.ts";

/** An engine with that client, told apart from those of other tests. */
function engineOf(docker: FakeDocker) {
  const notices: string[] = [];
  const socket = { path: `/nowhere/${crypto.randomUUID()}` };
  return { docker: docker.client, socket, notices, onNotice: (line: string) => notices.push(line) };
}

describe("sandboxImage()", () => {
  test("builds one that is missing once, for all who ask meanwhile, and says so", async () => {
    const docker = await equipped();
    docker.images.delete(tag("sandbox"));
    const engine = engineOf(docker);
    const tags = await Promise.all([1, 2, 3].map(() => sandboxImage(engine)));
    expect(new Set(tags)).toEqual(new Set([tag("sandbox")]));
    expect(docker.builds.map((build) => build.tag)).toEqual([tag("sandbox")]);
    expect(engine.notices).toEqual([`building ${tag("sandbox")} (once)`]);
  });

  test("looks again when it is asked again: a build that failed is tried anew", async () => {
    const docker = await equipped();
    docker.images.delete(tag("sandbox"));
    docker.failing = () => "no";
    const engine = engineOf(docker);
    await expect(sandboxImage(engine)).rejects.toThrow("could not build");
    docker.failing = () => "";
    expect(await sandboxImage(engine)).toBe(tag("sandbox"));
  });

  test("of an image that the engine does not have says what to do", async () => {
    await expect(sandboxImage(engineOf(await equipped()), "java:21")).rejects.toThrow(
      "Pull the image first (docker pull java:21)",
    );
  });
});
