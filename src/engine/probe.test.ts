import { expect, test } from "vitest";
import { distribution, probeMachine } from "./probe.ts";

test("distribution() reads os-release with and without quotes", () => {
  expect(distribution('NAME="Debian GNU/Linux"\nID=debian\n')).toEqual(["debian"]);
  expect(distribution('VERSION_ID="9"\nID="rocky"\nID_LIKE="rhel centos fedora"\n')).toEqual([
    "rocky",
    "rhel",
    "centos",
    "fedora",
  ]);
  expect(distribution("")).toEqual([]);
});

test("probeMachine() finds at least the shell's own tools on this machine", async () => {
  const facts = await probeMachine();
  expect(facts.deno.version).toBe(Deno.version.deno);
  expect(facts.os).toBe(Deno.build.os);
  expect(facts.kernel).toBe(Deno.osRelease());
  expect(facts.tools.mount).toMatch(/^\/.*\/mount$/);
});

test("probeMachine() rejects once its signal has aborted", async () => {
  await expect(probeMachine(AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});
