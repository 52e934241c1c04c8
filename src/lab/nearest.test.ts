import { expect, test } from "vitest";
import { nearest } from "./nearest.ts";

test.each([
  ["lba3", "lab3"],
  ["LAB3", "lab3"],
  ["lab", "lab3"],
  ["lab33", "lab3"],
  ["sever", "server"],
])("nearest() finds what %s was meant to be", (word, meant) => {
  expect(nearest(word, ["lab3", "server", "transport"])).toBe(meant);
});

test("nearest() finds nothing where nothing is near", () => {
  expect(nearest("docker", ["lab3", "server"])).toBeNull();
  expect(nearest("", ["lab3"])).toBeNull();
  expect(nearest("lab3", [])).toBeNull();
});
