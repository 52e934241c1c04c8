import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseRequest, requestId } from "./request.ts";

const setting = { profile: "loss 10%", script: "" };

test.each([
  { v: 1, op: "begin", up: setting, down: setting },
  { v: 1, op: "begin", up: setting, down: setting, join: true, reuse_seeds: true },
  { v: 1, op: "set", up: setting },
  { v: 1, op: "set", down: setting },
  { v: 1, op: "set" },
  { v: 1, op: "show" },
  { v: 1, op: "reset" },
  { v: 1, op: "end" },
  { v: 1, op: "events" },
  { v: 1, op: "capture", side: "server" },
  { v: 1, op: "await_listen", proto: "tcp", port: 6015, timeout_ms: 0 },
  { v: 1, op: "sockets" },
  { v: 1, op: "sockets", port: 6015 },
])("parseRequest() takes %o, with an id and fields it does not know left out", (request) => {
  const { v: _, ...rest } = request;
  expect(parseRequest({ ...request, id: 3, later: true })).toEqual(rest);
});

test("parseRequest() takes false for what is not asked", () => {
  const plain = { op: "begin", up: setting, down: setting };
  expect(parseRequest({ v: 1, ...plain, join: false, reuse_seeds: false })).toEqual(plain);
});

test.each<[string, unknown, RegExp]>([
  ["no object", [1], /^Send a JSON object with the fields v and op$/],
  ["no version", { op: "show" }, /^Speak version 1 of the link's protocol, not none$/],
  ["another version", { v: 2, op: "show" }, /not 2$/],
  ["no op", { v: 1 }, /op none is unknown$/],
  ["an unknown op", { v: 1, op: "explode" }, /op "explode" is unknown$/],
  [
    "begin without down",
    { v: 1, op: "begin", up: setting },
    /^Give down as an object of two texts/,
  ],
  [
    "a join that is no truth value",
    { v: 1, op: "begin", up: setting, down: setting, join: "yes" },
    /^Give join as true or false, not "yes"$/,
  ],
  ["a profile alone", { v: 1, op: "set", up: { profile: "" } }, /^Give up as an object/],
  ["a side of no link", { v: 1, op: "capture", side: "top" }, /^Give side as client or server/],
  ["no side", { v: 1, op: "capture" }, /not none$/],
  [
    "a port past the end",
    { v: 1, op: "await_listen", proto: "udp", port: 65536, timeout_ms: 1 },
    /^Give port as a number from 0 to 65535, not 65536$/,
  ],
  [
    "no deadline",
    { v: 1, op: "await_listen", proto: "udp", port: 1 },
    /^Give timeout_ms as a number from 0 to/,
  ],
])("parseRequest() refuses %s", (_, value, message) => {
  expect(() => parseRequest(value)).toThrow(message);
});

test("parseRequest() throws RangeError or TypeError at whatever else JSON can say", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      try {
        parseRequest(value);
      } catch (error) {
        expect(error instanceof RangeError || error instanceof TypeError).toBe(true);
        expect((error as Error).message).toMatch(/^[A-Z][^\n]+$/);
      }
    }),
    { seed: 47, numRuns: 300 },
  );
});

test("requestId() is the id that can be echoed, if any", () => {
  expect(requestId({ id: 7 })).toBe(7);
  expect(requestId({ id: "a" })).toBe("a");
  for (const value of [{ id: {} }, {}, null, [], "x", 3]) expect(requestId(value)).toBeUndefined();
});
