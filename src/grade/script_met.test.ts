import { expect, test } from "vitest";
import { parseScript } from "../netem/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";
import { unmetOf } from "./script_met.ts";

function packet(dir: "up" | "down", n: number, copies: number, corrupted = false): PacketEvent {
  return {
    ...{ v: 1, ev: "packet", n, dir, t_us: n, src: "", dst: "", proto: "udp", len: 29 },
    fate: copies === 0 ? "lost" : copies > 1 ? "duplicated" : "delivered",
    copies: Array.from({ length: copies }, () => ({ at_us: n, corrupted })),
  };
}

const texts = (script: string, packets: PacketEvent[]) =>
  unmetOf(parseScript(script), packets).map(({ text }) => text);

test("unmetOf() is empty where all has happened that the script names", () => {
  const script = "lose 1; corrupt 3; delay 4 by 5ms; down: duplicate 2";
  const packets = [
    packet("up", 1, 0),
    packet("up", 3, 1, true),
    packet("up", 4, 1),
    packet("down", 2, 2),
  ];
  expect(texts(script, packets)).toEqual([]);
});

test("unmetOf() names the packets that never came", () => {
  expect(texts("lose 1-2; down: duplicate 3", [packet("up", 1, 0)])).toEqual([
    "packet 2 towards the server was to be lost",
    "packet 3 towards the client was to be doubled",
  ]);
});

test("unmetOf() names the packets whose fate was another one", () => {
  expect(texts("lose 1", [packet("up", 1, 1)]))
    .toEqual(["packet 1 towards the server was to be lost"]);
});

test("unmetOf() tells packets that never came from those whose fate was another one", () => {
  const unmet = unmetOf(parseScript("lose 1-2"), [packet("up", 1, 1)]);
  expect(unmet.map(({ came }) => came)).toEqual([true, false]);
});

test("unmetOf() takes a delay for done that the end of the run cut short", () => {
  const cut: PacketEvent = { ...packet("down", 1, 0), cause: "end" };
  expect(texts("down: delay 1 by 1s", [cut])).toEqual([]);
  expect(texts("down: delay 1 by 1s", [{ ...cut, cause: "loss" }]))
    .toEqual(["packet 1 towards the client was to be delayed"]);
});
