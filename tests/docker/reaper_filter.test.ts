import { expect, test } from "vitest";
import { parseDuration, parseFilter } from "../../images/reaper/filter.ts";

test("parseFilter() reads a line of Testcontainers, whose value has a sign of its own", () => {
  expect(parseFilter("label=org.testcontainers.session-id=5f2c\r\n")).toEqual({
    label: ["org.testcontainers.session-id=5f2c"],
  });
});

test("parseFilter() gathers keys and values, and undoes escapes", () => {
  expect(parseFilter("label=a=1&label=b&name=c%20d")).toEqual({
    label: ["a=1", "b"],
    name: ["c d"],
  });
});

test("parseFilter() refuses lines that would match all", () => {
  expect(["", "\r", "label", "label=", "=x", "&"].map(parseFilter)).toEqual(
    Array.from({ length: 6 }),
  );
});

test("parseDuration() reads Go's durations", () => {
  expect(["10s", "1m30s", "500ms", "1.5s", "1h"].map(parseDuration))
    .toEqual([10_000, 90_000, 500, 1500, 3_600_000]);
  expect(["", "10", "s", "10s ", "-1s", "1d"].map(parseDuration)).toEqual(
    Array.from({ length: 6 }),
  );
});
