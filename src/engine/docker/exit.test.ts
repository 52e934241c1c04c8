import { expect, test } from "vitest";
import { exitOf } from "./exit.ts";

test.each([
  [0, null],
  [1, null],
  [7, null],
  [128, null],
  [130, "SIGINT"],
  [137, "SIGKILL"],
  [139, "SIGSEGV"],
  [143, "SIGTERM"],
  [255, null],
])("exitOf() a container that ended with %i: signal %s", (code, signal) => {
  expect(exitOf({ code, memory: false })).toEqual({ code, signal });
});

test("exitOf() names lost memory where that is what killed", () => {
  expect(exitOf({ code: 137, memory: true })).toEqual({
    code: 137,
    signal: "SIGKILL",
    why: "it took more than its 1024 MB of memory",
  });
  expect(exitOf({ code: 1, memory: true })).toEqual({ code: 1, signal: null });
});
