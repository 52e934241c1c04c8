import { openSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reasonOf } from "./reason.ts";

const failing = (call: () => unknown) => {
  try {
    call();
  } catch (error) {
    return error;
  }
};

test.each([
  [failing(() => Deno.readFileSync("/no/such")), "No such file or directory"],
  [failing(() => Deno.readFileSync("/proc")), "Is a directory"],
  [failing(() => Deno.statSync("/proc/version/x")), "Not a directory"],
  [failing(() => openSync("/no/such, it's", "r")), "No such file or directory"],
  [failing(() => readFileSync("/proc")), "Illegal operation on a directory"],
  [new Error("as it is"), "as it is"],
  ["no error", "no error"],
])("reasonOf(%o) is %j", (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
