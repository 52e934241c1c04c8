import { beforeEach, expect, test, vi } from "vitest";
import type { DockerFacts } from "./machine_facts.ts";
import { MachineError } from "./machine_error.ts";
import { onEngine } from "./on_engine.ts";
import { UnfitError } from "./unfit_error.ts";

let found: DockerFacts;
vi.mock("./docker_probe.ts", () => ({ probeDocker: () => Promise.resolve(found) }));

const answering = { socket: "/s", version: "24.0.0", reason: null, kernel: null };
const absent = { socket: null, version: null, reason: "absent" as const, kernel: null };
beforeEach(() => found = answering);

/** Where it was done, in turn, and what was told. */
async function tried(engine: "docker" | "local" | "auto", failing?: Error) {
  const told: string[] = [];
  const where = await onEngine(engine, {
    docker: () => failing ? Promise.reject(failing) : Promise.resolve("docker"),
    local: () => Promise.resolve("local"),
  }, { onNotice: (line) => told.push(line) });
  return [where, ...told];
}

test("onEngine() does it where it is told to", async () => {
  expect(await tried("docker")).toEqual(["docker"]);
  expect(await tried("local")).toEqual(["local"]);
});

test("onEngine() with auto takes Docker where it answers", async () => {
  expect(await tried("auto")).toEqual(["docker"]);
  found = absent;
  if (Deno.build.os === "linux") expect(await tried("auto")).toEqual(["local"]);
  await expect(tried("docker")).rejects.toThrow(MachineError);
});

test.runIf(Deno.build.os === "linux")(
  "onEngine() with auto goes elsewhere where Docker is of no use, and says why",
  async () => {
    const why = "On the local engine, not on docker: Go online: no image";
    expect(await tried("auto", new MachineError("Go online: no image"))).toEqual(["local", why]);
    const unfit = new UnfitError("Use --engine local, or give another: Go online: no image");
    expect(await tried("auto", unfit)).toEqual(["local", why]);
    found = { ...answering, version: "1.0.0" };
    expect(await tried("auto")).toEqual(["local", expect.stringMatching(/Update Docker/)]);
  },
);

test("onEngine() hides no other fault, and none of an engine that was asked for", async () => {
  await expect(tried("auto", new TypeError("ours"))).rejects.toThrow("ours");
  await expect(tried("docker", new MachineError("no image"))).rejects.toThrow("no image");
});
