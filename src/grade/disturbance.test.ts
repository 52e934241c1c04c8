import { expect, test } from "vitest";
import { parseScript } from "../netem/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";
import { disturbanceOf } from "./disturbance.ts";

/** A packet towards the server that the link has delivered after 20 ms. */
function packet(n: number, fate: Partial<PacketEvent> = {}): PacketEvent {
  const t_us = n * 1000;
  return {
    ...{ v: 1, ev: "packet", n, dir: "up", t_us, src: "c:1", dst: "s:2", proto: "udp", len: 29 },
    ...{ fate: "delivered", copies: [{ at_us: t_us + 20_000, corrupted: false }] },
    ...fate,
  };
}

const after = (n: number, ms: number) => ({
  copies: [{ at_us: n * 1000 + ms * 1000, corrupted: false }],
});
const LOST: Partial<PacketEvent> = { fate: "lost", cause: "loss", copies: [] };
const TWICE: Partial<PacketEvent> = {
  ...{ fate: "duplicated", cause: "duplicate" },
  copies: [...after(2, 20).copies, ...after(2, 20).copies],
};
const DAMAGED: Partial<PacketEvent> = { copies: [{ at_us: 22_000, corrupted: true }] };
const OVERTAKEN = after(2, 22);
const LATE = after(2, 150);

/** What is said of the second of three packets that met this. */
function said(
  fate: Partial<PacketEvent>,
  { passed = false, script = "", beneath = ["up"] as ("up" | "down")[] } = {},
): string | null {
  const packets = [packet(1), packet(2, fate), packet(3)];
  return disturbanceOf({ packets, script: parseScript(script), beneath }, { passed });
}

const tcp = (flags: string) => ({
  proto: "tcp" as const,
  tcp: { flags, seq: 1, ack: 1, win: 1, len: 0 },
});

test.each([
  ["lost", LOST],
  ["doubled", TWICE],
  ["damaged", DAMAGED],
  ["overtaken", OVERTAKEN],
  ["late", LATE],
])(
  "disturbanceOf() names a datagram that was %s, whether the check passed or failed",
  (what, fate) => {
    const text = `packet 2 towards the server was ${what}`;
    expect(said(fate)).toBe(text);
    expect(said(fate, { passed: true })).toBe(text);
  },
);

test("disturbanceOf() finds nothing where packets were delivered in order, be it later", () => {
  expect(said({})).toBeNull();
  expect(said({ copies: [{ at_us: 22_000, corrupted: true, harmless: true }] })).toBeNull();
});

test("disturbanceOf() does not count a full queue", () => {
  expect(said({ fate: "lost", cause: "limit", copies: [] })).toBeNull();
});

test("disturbanceOf() knows a datagram that was overtaken and still under way at the end", () => {
  const end: Partial<PacketEvent> = { fate: "lost", cause: "end", copies: [] };
  expect(said(end)).toBe("packet 2 towards the server was overtaken");
  const packets = [packet(1), packet(2, end)];
  const run = { packets, script: parseScript(""), beneath: ["up" as const] };
  expect(disturbanceOf(run, { passed: false })).toBeNull();
});

test("disturbanceOf() leaves to a script what it names", () => {
  expect(said(LOST, { script: "lose 2" })).toBeNull();
  expect(said(OVERTAKEN, { script: "hold 2 until 3" })).toBeNull();
  expect(said(LATE, { script: "delay 1-2 by 100ms" })).toBeNull();
  expect(said(LOST, { script: "down: lose 2" })).not.toBeNull();
});

test("disturbanceOf() looks only at the directions that have the network's profile", () => {
  expect(said(LOST, { beneath: [] })).toBeNull();
  expect(said(LOST, { beneath: ["down"] })).toBeNull();
  expect(said({ ...LOST, dir: "down" }, { beneath: ["up", "down"] }))
    .toBe("packet 2 towards the client was lost");
});

test.each([["lost", LOST], ["damaged", DAMAGED], ["late", LATE]])(
  "disturbanceOf() takes a %s segment for why a check failed, not for why it passed",
  (what, fate) => {
    expect(said({ ...fate, ...tcp("A") })).toBe(`packet 2 towards the server was ${what}`);
    expect(said({ ...fate, ...tcp("A") }, { passed: true })).toBeNull();
  },
);

test("disturbanceOf() knows that TCP puts segments in order, and takes each once", () => {
  expect(said({ ...TWICE, ...tcp("A") })).toBeNull();
  expect(said({ ...OVERTAKEN, ...tcp("A") })).toBeNull();
});

test("disturbanceOf() knows that a reset of a program's own will is sent once", () => {
  expect(said({ ...LOST, ...tcp("R") }, { passed: true })).toBeNull();
  expect(said({ ...LOST, ...tcp("RA") }, { passed: true }))
    .toBe("packet 2 towards the server was lost");
});

test("disturbanceOf() lets fragments of one datagram overtake each other, and come twice", () => {
  const fragment = { fragment: { offset: 0, more: true }, ip_id: 7 };
  const fragments = (third: number) => ({
    packets: [packet(2, { ...OVERTAKEN, ...fragment }), packet(3, { ...fragment, ip_id: third })],
    script: parseScript(""),
    beneath: ["up" as const],
  });
  expect(disturbanceOf(fragments(7), { passed: true })).toBeNull();
  expect(disturbanceOf(fragments(8), { passed: true })).toContain("packet 2");
  expect(said({ ...TWICE, ...fragment })).toBeNull();
  expect(said({ ...LOST, ...fragment })).toContain("packet 2");
});
