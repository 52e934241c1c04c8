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
  [new Error("as it is"), "as it is"],
  ["no error", "no error"],
])("reasonOf(%o) is %j", (error, reason) => {
  expect(reasonOf(error)).toBe(reason);
});
