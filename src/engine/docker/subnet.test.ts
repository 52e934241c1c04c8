import { expect, test } from "vitest";
import { candidates, clientAddress, firstFree, serverAddress, subnetOf } from "./subnet.ts";

test("addresses of a subnet: the server's, then the clients' in order", () => {
  expect(serverAddress("10.77.5")).toBe("10.77.5.2");
  expect([1, 2, 252].map((k) => clientAddress("10.77.5", k))).toEqual([
    "10.77.5.3",
    "10.77.5.4",
    "10.77.5.254",
  ]);
  expect(subnetOf("10.77.5.2")).toBe("10.77.5");
});

test("candidates() begins where it is told, and holds each subnet once", () => {
  for (const first of [0, 7, 255, 256, -1]) {
    const all = candidates(first);
    expect(new Set(all).size).toBe(all.length);
    expect(all.length).toBe(1024);
  }
  expect(candidates(7).slice(0, 2)).toEqual(["10.77.7", "10.77.8"]);
  expect(candidates(255).slice(0, 2)).toEqual(["10.77.255", "10.77.0"]);
});

test.each([
  [["10.77.1.0/24"], "10.77.2"],
  [["10.77.1.128/25", "10.77.2.0/31"], "10.77.3"],
  [["10.77.0.0/22"], "10.77.4"],
  [["10.0.0.0/8"], "192.168.9"],
  [["10.77.1.0/24", "fd00::/64"], "10.77.2"],
  [["10.77.1.7"], "10.77.2"],
  [["0.0.0.0/0"], null],
])("firstFree() among %j is %s", (taken, free) => {
  const wanted = ["10.77.1", "10.77.2", "10.77.3", "10.77.4", "192.168.9"];
  expect(firstFree(wanted, taken)).toBe(free);
});
