import { expect, test } from "vitest";
import { needsRig, rigLacks } from "./test_rig_needs.ts";

test("rigLacks() names what a machine without QEMU installs", () => {
  expect(rigLacks((name) => !name.startsWith("qemu"))).toEqual([
    { name: "qemu-system-x86_64", packages: ["qemu-system-x86"] },
  ]);
  expect(rigLacks(() => true)).toEqual([]);
});

test("needsRig() holds for all tests, and for filters that meet one on a virtual machine", () => {
  const files = ["src/netem/model.test.ts", "tests/kernel/rig.test.ts"];
  expect(needsRig(files, [])).toBe(true);
  expect(needsRig(files, ["./tests/kernel"])).toBe(true);
  expect(needsRig(files, ["src/netem"])).toBe(false);
  expect(needsRig(["src/netem/model.test.ts"], [])).toBe(false);
});
