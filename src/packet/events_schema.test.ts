import Ajv2020 from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildIcmpEcho6,
  buildTcp4,
  buildTcp6,
  buildUdp4,
  buildUdp6,
  describePacket,
  fragment4,
  fragment6,
} from "./mod.ts";
import type { LinkCounts, LinkEvent, PacketEvent } from "./mod.ts";
import schema from "./events.schema.json" with { type: "json" };

const validate = new Ajv2020.default({ strict: true, allErrors: true }).compile(schema);
const faults = (event: unknown) =>
  validate(event)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);

const to = { src: "10.77.0.2", dst: "10.77.0.1", srcPort: 40000, dstPort: 12000 };
const six = { src: "fd00::2", dst: "fd00::1" };
const setting = { profile: "delay 20ms loss 20% seed 42", script: "" };
const counts: LinkCounts = {
  seen: 1,
  delivered: 1,
  lost: 0,
  duplicated: 0,
  corrupted: 0,
  reordered: 0,
  dropped_full: 0,
};

function event(bytes: Uint8Array, fate: Partial<PacketEvent> = {}): PacketEvent {
  return {
    v: 1,
    ev: "packet",
    n: 1,
    dir: "up",
    t_us: 12,
    ...describePacket(bytes, 0, bytes.length)!,
    fate: "delivered",
    copies: [{ at_us: 20012.5, corrupted: false }],
    ...fate,
  };
}

const packet = buildUdp4({ ...to, payload: new Uint8Array(100) });

test("events.schema.json accepts every kind of event that the link writes", () => {
  const began: LinkEvent = {
    v: 1,
    ev: "begin",
    epoch: 1,
    started: "2026-11-21T07:00:00.000Z",
    driver: "tun",
    server: "10.77.0.1",
    mtu: 1500,
    congestion: "reno",
    up: setting,
    down: setting,
  };
  const events: LinkEvent[] = [
    began,
    { ...began, server6: "fd00::1" },
    { v: 1, ev: "set", t_us: 5, up: setting, down: { profile: "", script: "lose 1,4" } },
    event(packet),
    event(packet, { fate: "lost", copies: [], cause: "loss" }),
    event(packet, {
      fate: "duplicated",
      cause: "duplicate",
      copies: [{ at_us: 1, corrupted: true }, { at_us: 2, corrupted: false }],
      reordered: true,
      marked: true,
    }),
    event(buildUdp4(to)),
    event(buildUdp6({ ...to, src: "fd00::2", dst: "::1" })),
    event(buildTcp6({ ...to, ...six })),
    event(buildIcmpEcho6({ ...to, ...six })),
    ...fragment6(buildUdp6({ ...to, ...six, payload: new Uint8Array(3000) }), 1500, 7).map((part) =>
      event(part)
    ),
    event(buildTcp4({ ...to, flags: "SAEC" })),
    event(buildIcmpEcho4(to)),
    ...fragment4(buildUdp4({ ...to, payload: new Uint8Array(3000) }), 1500).map((part) =>
      event(part)
    ),
    { v: 1, ev: "end", t_us: 9, up: counts, down: counts, missed: 0 },
  ];
  // As they come out of a file: undefined fields gone.
  for (const one of events) expect(faults(JSON.parse(JSON.stringify(one)))).toEqual([]);
});

test("events.schema.json refuses what the record never says", () => {
  const wrong = [
    { ...event(packet), v: 2 },
    { ...event(packet), ev: "frame" },
    { ...event(packet), n: 0 },
    { ...event(packet), src: "server:12000" },
    { ...event(packet), colour: "red" },
    { ...event(packet), fate: "lost" },
    { ...event(packet), copies: [] },
    { ...event(packet), tcp: { flags: "AS", seq: 1, ack: 1, win: 1, len: 0 } },
    { v: 1, ev: "end", t_us: 9, up: counts, down: counts },
  ];
  for (const one of wrong) expect(faults(one), JSON.stringify(one)).not.toEqual([]);
});
