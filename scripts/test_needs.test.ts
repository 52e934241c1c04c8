import { expect, test } from "vitest";
import { installPlan } from "./test_needs.ts";

test("installPlan() installs as root, each package once", () => {
  expect(installPlan(["ip", "ss", "tmux"], { root: true, apt: true })).toEqual({
    notice: "installing iproute2, tmux with apt-get, for ip, ss, tmux",
    commands: [
      ["apt-get", "update", "-q"],
      ["apt-get", "install", "-q", "-y", "--no-install-recommends", "iproute2", "tmux"],
    ],
  });
});

test("installPlan() leaves a user's machine alone and says what is skipped", () => {
  expect(installPlan(["socat"], { root: false, apt: true })).toEqual({
    notice: "no socat here, so tests that need them are skipped: sudo apt-get install socat",
    commands: [],
  });
  expect(installPlan(["ip"], { root: true, apt: false })).toEqual({
    notice: "no ip here, so tests that need them are skipped: install iproute2",
    commands: [],
  });
});

test("installPlan() says nothing where nothing is missing", () => {
  expect(installPlan([], { root: true, apt: true })).toEqual({ notice: "", commands: [] });
});
