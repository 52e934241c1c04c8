import { expect, test } from "vitest";
import { installPlan, missingCommands } from "./test_needs.ts";

const MISSING = missingCommands((name) => !["ip", "ss", "tmux"].includes(name));

test("installPlan() installs as root, each package once", () => {
  expect(installPlan(MISSING, { root: true, apt: true })).toEqual({
    notice: "installing iproute2, tmux with apt-get, for ip, ss, tmux",
    commands: [
      ["apt-get", "update", "-q"],
      ["apt-get", "install", "-q", "-y", "--no-install-recommends", "iproute2", "tmux"],
    ],
  });
});

test("installPlan() leaves a user's machine alone and says what is skipped", () => {
  const socat = missingCommands((name) => name !== "socat");
  expect(installPlan(socat, { root: false, apt: true })).toEqual({
    notice: "no socat here, so tests that need them are skipped: sudo apt-get install socat",
    commands: [],
  });
  const ip = missingCommands((name) => name !== "ip");
  expect(installPlan(ip, { root: true, apt: false })).toEqual({
    notice: "no ip here, so tests that need them are skipped: install iproute2",
    commands: [],
  });
});

test("installPlan() names what no package brings as the user knows it", () => {
  const engine = { name: "Docker Compose 2.20 or newer", packages: [] };
  expect(installPlan([...MISSING, engine], { root: false, apt: true })).toEqual({
    notice: "no ip, ss, tmux, Docker Compose 2.20 or newer here, so tests that need them are " +
      "skipped: sudo apt-get install iproute2 tmux; install Docker Compose 2.20 or newer",
    commands: [],
  });
});

test("installPlan() says nothing where nothing is missing", () => {
  expect(missingCommands(() => true)).toEqual([]);
  expect(installPlan([], { root: true, apt: true })).toEqual({ notice: "", commands: [] });
});
