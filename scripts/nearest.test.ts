import { expect, test } from "vitest";
import { distance, nearest } from "./nearest.ts";

test("distance() counts letters added, removed, changed and swapped", () => {
  expect(distance("run", "run")).toBe(0);
  expect(distance("rn", "run")).toBe(1);
  expect(distance("runn", "run")).toBe(1);
  expect(distance("ran", "run")).toBe(1);
  expect(distance("rnu", "run")).toBe(1);
  expect(distance("", "run")).toBe(3);
  expect(distance("kitten", "sitting")).toBe(3);
});

test("nearest() finds what was meant and stays silent where nothing is near", () => {
  const verbs = ["run", "up", "down", "netem", "completion"];
  expect(nearest("nettem", verbs)).toBe("netem");
  expect(nearest("RUN", verbs)).toBe("run");
  expect(nearest("comp", verbs)).toBe("completion");
  expect(nearest("zebra", verbs)).toBeUndefined();
  expect(nearest("x", [])).toBeUndefined();
});
