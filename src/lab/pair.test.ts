import { expect, test } from "vitest";
import { findLab } from "./discover.ts";
import { pairNames, pairWith, withPair } from "./pair.ts";

const REPO = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const lab2 = findLab(REPO, "lab2");
const lab3 = findLab(REPO, "lab3");

test("pairNames() tells the lab's own pair first, by its server", () => {
  expect(pairNames(lab3.manifest)).toEqual(["server"]);
  expect(pairNames(lab2.manifest)).toEqual(["server_tcp", "server_udp", "server_handler"]);
});

test("withPair() takes the pair's programs, its transport, and the argument lists that differ", () => {
  const { manifest } = withPair(lab2, "server_udp");
  expect(manifest.transport).toBe("udp");
  expect(manifest.programs).toEqual({ server: "server_udp.ts", client: "client_udp.ts" });
  expect(manifest.arguments.server).toEqual(lab2.manifest.arguments.server);
  expect(manifest.arguments.keyboard).toContain("{timeout}");
  expect(withPair(lab2, "server_tcp")).toBe(lab2);
  expect(withPair(lab2, "server_udp.ts").manifest).toEqual(manifest);
});

test("withPair() takes the pair's lines, where it has its own", () => {
  const lab1 = findLab(REPO, "lab1");
  expect(withPair(lab1, "server_once").manifest.lines).toEqual(["hello"]);
  expect(withPair(lab2, "server_udp").manifest.lines).toEqual(lab2.manifest.lines);
});

test("withPair() names the pairs, and the nearest", () => {
  expect(() => withPair(lab2, "server_utp")).toThrow(
    "Name one of lab2's programs server_tcp, server_udp, server_handler, not 'server_utp' (did you mean server_udp?)",
  );
  expect(() => withPair(lab3, "tcp")).toThrow(
    "Leave out the program 'tcp': lab3 has one pair, server",
  );
  expect(() => withPair(lab2, "constructor")).toThrow("Name one of");
});

test("pairWith() finds the pair of a client too", () => {
  expect(pairWith(lab2, "client_udp").manifest.transport).toBe("udp");
  expect(pairWith(lab2, "client_tcp")).toBe(lab2);
  expect(() => pairWith(lab2, "client")).toThrow(
    "Name one of lab2's programs server_tcp, client_tcp, server_udp, client_udp, server_handler, client_handler, not 'client'",
  );
});
