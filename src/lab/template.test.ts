import { expect, test } from "vitest";
import { completeRequest, fillTemplate } from "./template.ts";

test("fillTemplate() fills each placeholder, several in a word too", () => {
  expect(fillTemplate(["--to", "{host}:{port}", "-v"], { host: "server", port: 12000 }))
    .toEqual(["--to", "server:12000", "-v"]);
});

test("fillTemplate() takes values as they are", () => {
  expect(fillTemplate(["{host}", "{count}"], { host: "a b {port} $& $(x)", count: 0 }))
    .toEqual(["a b {port} $& $(x)", "0"]);
});

test.each(["{port}", "{nothing}", "{constructor}"])(
  "fillTemplate() refuses %s without a value",
  (word) => expect(() => fillTemplate([word], { host: "x" })).toThrow(RangeError),
);

const manifest = {
  id: "lab3",
  defaults: { count: 20, interval_ms: 100, size_bytes: 32, timeout_ms: 1000, up: "", down: "" },
  limits: {
    count: { min: 1, max: 100 },
    interval_ms: { min: 0, max: 1000 },
    size_bytes: { min: 8, max: 65507 },
  },
};

test("completeRequest() takes the lab's defaults for what is not said", () => {
  expect(completeRequest(manifest, {})).toEqual({
    count: 20,
    interval_ms: 100,
    size_bytes: 32,
    timeout_ms: 1000,
  });
  expect(completeRequest(manifest, { count: 100, interval_ms: 0, size_bytes: undefined }))
    .toMatchObject({ count: 100, interval_ms: 0, size_bytes: 32 });
});

test.each([
  [{ count: 0 }, "Give --count a whole number from 1 to 100 in lab3, not 0"],
  [{ count: 101 }, "not 101"],
  [{ interval_ms: -1 }, "Give --interval a whole number from 0 to 1000 in lab3, not -1"],
  [{ interval_ms: 0.5 }, "not 0.5"],
  [{ size_bytes: 65508 }, "Give --size a whole number from 8 to 65507 in lab3, not 65508"],
  [{ size_bytes: NaN }, "not NaN"],
])("completeRequest() refuses %o", (request, message) => {
  expect(() => completeRequest(manifest, request)).toThrow(message);
});

test("completeRequest() leaves out what the lab does not know, and refuses it by its option", () => {
  const keyboardOnly = {
    id: "lab1",
    defaults: { timeout_ms: 1000, up: "", down: "" },
    limits: {},
  };
  expect(completeRequest(keyboardOnly, { count: undefined })).toEqual({ timeout_ms: 1000 });
  expect(() => completeRequest(keyboardOnly, { count: 3 }))
    .toThrow("Leave out --count: no client of lab1 takes it");
});
