import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["lba3", "lab3"],
  ["LAB3", "lab3"],
  ["lab", "lab3"],
  ["lab33", "lab3"],
  ["sever", "server"],
  ["nettem", "netem"],
  ["netme", "netem"],
  ["trans", "transport"],
])("nearest() finds what %s was meant to be", (word, meant) => {
  expect(nearest(word, ["lab3", "server", "netem", "transport"])).toBe(meant);
});

test("nearest() prefers one edit to a longer word's beginning", () => {
  expect(nearest("run", ["running", "runn"])).toBe("runn");
});

test("nearest() finds nothing where nothing is near", () => {
  expect(nearest("docker", ["lab3", "server"])).toBeUndefined();
  expect(nearest("", ["lab3"])).toBeUndefined();
  expect(nearest("lab3", [])).toBeUndefined();
});
