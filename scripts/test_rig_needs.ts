/** What tests on a virtual machine need, and which Debian packages bring it. Pure. */
import type { Lack } from "./test_needs.ts";

/** Commands, with the Debian packages that hold each. */
export const RIG_NEEDS: Readonly<Record<string, readonly string[]>> = {
  fallocate: ["util-linux"],
  mke2fs: ["e2fsprogs"],
  mmdebstrap: ["mmdebstrap", "debian-archive-keyring"],
  "qemu-system-x86_64": ["qemu-system-x86"],
  setpriv: ["util-linux"],
  setsid: ["util-linux"],
  tar: ["tar"],
};

/** Folder of tests that run on a virtual machine. */
const RIG_TESTS = "tests/kernel/";

/** Returns whether a run of the tests with these filters meets one that needs a virtual machine. */
export function needsRig(testFiles: readonly string[], filters: readonly string[]): boolean {
  return testFiles.some((path) =>
    path.startsWith(RIG_TESTS) &&
    (filters.length === 0 || filters.some((filter) => path.includes(filter.replace(/^\.\//, ""))))
  );
}

/** Returns which of RIG_NEEDS' commands a machine lacks. */
export function rigLacks(isCommand: (name: string) => boolean): Lack[] {
  return Object.entries(RIG_NEEDS).filter(([name]) => !isCommand(name))
    .map(([name, packages]) => ({ name, packages }));
}
