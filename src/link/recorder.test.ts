import { beforeEach, expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildUdp4,
  decodePacket,
  type LinkEvent,
  type PacketEvent,
  pcapHeader,
  readPcap,
  verifyChecksums,
} from "../packet/mod.ts";
import { captureBudget, Recorder } from "./recorder.ts";
import { openCopies, RecordCause, RecordFlag, RecordType, type RingRecord } from "./ring.ts";
import { Bit } from "./tc/difference.ts";

const up = 0, down = 1;
const nothing = new Uint8Array(0);
const packet = buildUdp4({
  src: "10.77.0.3",
  dst: "10.77.0.2",
  srcPort: 40000,
  dstPort: 12000,
  id: 77,
  payload: new TextEncoder().encode("Hello"),
}) as Uint8Array<ArrayBuffer>;

let events: PacketEvent[];
let captured: Record<"client" | "server", Uint8Array[]>;
let recorder: Recorder;

beforeEach(() => {
  events = [];
  captured = { client: [], server: [] };
  recorder = new Recorder({
    event: (event: LinkEvent) => events.push(event as PacketEvent),
    capture: (side, bytes) => captured[side].push(bytes),
  });
  begins(1_000_000_000);
  events = [];
  recorder.keepFor({ events: true, captures: true });
});

/** A run begins, at so many seconds since 1970. */
function begins(seconds: number): void {
  const wire = { profile: "", script: "" };
  recorder.expect({
    v: 1,
    ev: "begin",
    epoch: 1,
    started: new Date(seconds * 1000).toISOString(),
    driver: "tun",
    server: "10.77.0.2",
    mtu: 1500,
    congestion: "reno",
    up: wire,
    down: wire,
  });
  recorder.record({
    type: RecordType.begin,
    direction: up,
    n: 0,
    time: 0,
    length: 0,
    copies: 0,
    cause: 0,
    flags: 0,
    data: new Uint8Array(0),
  });
}

function came(n: number, more: Partial<RingRecord> = {}): void {
  recorder.record({
    type: RecordType.packet,
    direction: up,
    n,
    time: n * 1e6,
    length: packet.length,
    copies: 1,
    cause: 0,
    flags: 0,
    data: packet.slice(),
    ...more,
  });
}
function left(n: number, time: number, more: Partial<RingRecord> = {}): void {
  recorder.record({
    type: RecordType.copy,
    direction: up,
    n,
    time,
    length: packet.length,
    copies: 1,
    cause: 0,
    flags: 0,
    data: nothing,
    ...more,
  });
}
function dropped(n: number): void {
  left(n, 9e9, { type: RecordType.drop, cause: RecordCause.end });
}
function packets(side: "client" | "server"): ReturnType<typeof readPcap> {
  const all = [pcapHeader(), ...captured[side]];
  return readPcap(Uint8Array.from(all.flatMap((piece) => [...piece])));
}

test("a delivered packet is told once it has left, with both times in microseconds", () => {
  came(1);
  expect(events).toEqual([]);
  left(1, 50_123_456);
  expect(events).toEqual([{
    v: 1,
    ev: "packet",
    n: 1,
    dir: "up",
    t_us: 1000,
    src: "10.77.0.3:40000",
    dst: "10.77.0.2:12000",
    proto: "udp",
    len: 33,
    ip_id: 77,
    udp: { len: 5 },
    head: btoa("Hello"),
    fate: "delivered",
    copies: [{ at_us: 50_123, corrupted: false }],
  }]);
});

test("a packet whose copies nobody knows beforehand is told when its fate is, by what left", () => {
  const fate = (n: number, more: Partial<RingRecord> = {}) =>
    left(n, 5e9, { type: RecordType.fate, ...more });
  for (const n of [1, 2, 3]) came(n, { copies: openCopies });
  left(2, 10_000_000);
  left(3, 20_000_000);
  left(3, 20_000_000);
  expect(events).toEqual([]);
  fate(3, { flags: RecordFlag.reordered });
  fate(2);
  fate(1, { cause: 3 });
  expect(events.map(({ n, fate, copies }) => [n, fate, copies.length])).toEqual([
    [3, "duplicated", 2],
    [2, "delivered", 1],
    [1, "lost", 0],
  ]);
  expect(events.map(({ cause, reordered }) => [cause, reordered])).toEqual([
    [undefined, true],
    [undefined, undefined],
    ["limit", undefined],
  ]);
});

test("a lost packet is told at once, with its cause", () => {
  came(1, { copies: 0, cause: 1 });
  came(2, { copies: 0, cause: 2 });
  came(3, { copies: 0, cause: 3 });
  expect(events.map(({ n, fate, cause, copies }) => ({ n, fate, cause, copies }))).toEqual([
    { n: 1, fate: "lost", cause: "loss", copies: [] },
    { n: 2, fate: "lost", cause: "script", copies: [] },
    { n: 3, fate: "lost", cause: "limit", copies: [] },
  ]);
});

test("a duplicated packet is told once both copies have left, in the order in which they left", () => {
  came(1, { copies: 2 });
  left(1, 5e6);
  expect(events).toEqual([]);
  left(1, 7e6, { flags: RecordFlag.corrupted, cause: 200 });
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    fate: "duplicated",
    copies: [{ at_us: 5000, corrupted: false }, { at_us: 7000, corrupted: true }],
  });
});

test.each([
  ["up", up, Bit.ethernet, true],
  ["up", up, Bit.sender, true],
  ["down", down, Bit.ethernet, undefined],
  ["down", down, Bit.sender, true],
  ["up", up, 200, undefined],
])("a flipped bit that nobody minds is told as harmless: %s", (_, direction, cause, harmless) => {
  came(1, { direction });
  left(1, 5e6, { direction, flags: RecordFlag.corrupted, cause });
  expect(events[0]!.copies).toEqual([{
    at_us: 5000,
    corrupted: true,
    ...(harmless && { harmless }),
  }]);
});

test("packets are told in the order in which they left; each direction has numbers of its own", () => {
  came(1);
  came(2);
  came(1, { direction: down });
  left(2, 5e6);
  left(1, 6e6, { direction: down });
  left(1, 7e6);
  expect(events.map(({ dir, n }) => `${dir} ${n}`)).toEqual(["up 2", "down 1", "up 1"]);
});

test("a packet dropped at the end of the run is lost, cause end; of a half dropped pair one copy was delivered", () => {
  came(1);
  came(2, { copies: 2 });
  left(2, 5e6);
  dropped(1);
  dropped(2);
  expect(events.map(({ n, fate, cause }) => ({ n, fate, cause }))).toEqual([
    { n: 1, fate: "lost", cause: "end" },
    { n: 2, fate: "delivered", cause: "end" },
  ]);
});

test("flags of the record become reordered and marked", () => {
  came(1, { flags: RecordFlag.reordered | RecordFlag.marked });
  left(1, 5e6);
  expect(events[0]).toMatchObject({ reordered: true, marked: true });
});

test("copies of a packet that was not recorded are passed over", () => {
  left(1, 5e6);
  dropped(2);
  expect(events).toEqual([]);
  expect(captured).toEqual({ client: [], server: [] });
});

test("begin() forgets what was still awaited: numbers start over", () => {
  came(1, { copies: 2 });
  left(1, 5e6);
  begins(2_000_000_000);
  came(1);
  left(1, 6e6);
  expect(events).toHaveLength(2);
  expect(events[0]).toMatchObject({ ev: "begin" });
  expect(events[1]).toMatchObject({ fate: "delivered", copies: [{ at_us: 6000 }] });
});

test("captures: the client's side has what clients sent and what reached them, the server's side the same of it", () => {
  came(1, { copies: 2 });
  left(1, 50e6);
  left(1, 60e6);
  came(2, { copies: 0, cause: 1 });
  came(1, { direction: down, time: 70e6 });
  left(1, 80e6, { direction: down });
  const times = (side: "client" | "server") => packets(side).map((one) => one.timeUs - 1e15);
  expect(times("client")).toEqual([1000, 2000, 80_000]);
  expect(times("server")).toEqual([50_000, 60_000, 70_000]);
  for (const one of [...packets("client"), ...packets("server")]) expect(one.bytes).toEqual(packet);
});

test("captures: a corrupted copy has its one bit flipped, the other copy and the original have not", () => {
  came(1, { copies: 2 });
  const bit = 30 * 8 + 3;
  left(1, 5e6, { flags: RecordFlag.corrupted, cause: bit });
  left(1, 6e6);
  const [sent] = packets("client"), [bad, good] = packets("server");
  const expected = packet.slice();
  expected[30]! ^= 1 << 3;
  expect(bad!.bytes).toEqual(expected);
  expect(verifyChecksums(bad!.bytes)!.transport).toBe(false);
  expect(sent!.bytes).toEqual(packet);
  expect(good!.bytes).toEqual(packet);
});

test("captures: a marked copy has the mark where it came out, and none where it went in", () => {
  const capable = buildUdp4({ src: "10.77.0.3", dst: "10.77.0.2", srcPort: 1, dstPort: 2, ecn: 2 });
  came(1, { data: capable as Uint8Array<ArrayBuffer>, copies: 2, flags: RecordFlag.marked });
  left(1, 5e6, { flags: RecordFlag.marked });
  left(1, 6e6);
  const ecn = (side: "client" | "server") =>
    packets(side).map(({ bytes }) => decodePacket(bytes)!.ip.ecn);
  expect(ecn("client")).toEqual([2]);
  expect(ecn("server")).toEqual([3, 2]);
  expect(packets("server").every(({ bytes }) => verifyChecksums(bytes)!.ip)).toBe(true);
});

test("captures: a bit flipped behind what was kept leaves the kept bytes as they are", () => {
  const kept = packet.slice(0, 28);
  came(1, { data: kept });
  left(1, 5e6, { flags: RecordFlag.corrupted, cause: 30 * 8 });
  expect(packets("server")[0]).toMatchObject({ bytes: kept, originalLength: packet.length });
});

test("keepFor() keeps nothing that nobody reads", () => {
  expect(recorder.keepFor({ events: false, captures: false })).toBe(0);
  const events = recorder.keepFor({ events: true, captures: false });
  // IP and TCP headers with all their options, and the 64 bytes of an event's head.
  expect(events).toBeGreaterThanOrEqual(60 + 60 + 64);
  expect(recorder.keepFor({ events: false, captures: true })).toBeGreaterThanOrEqual(1500);
});

test("keepFor() keeps headers alone once a run's captures have had their budget; a new run has a new one", () => {
  const big = buildUdp4({
    src: "10.77.0.3",
    dst: "10.77.0.2",
    srcPort: 1,
    dstPort: 2,
    payload: new Uint8Array(60_000),
  }) as Uint8Array<ArrayBuffer>;
  const interest = { events: true, captures: true };
  let bytes = 0;
  for (let n = 1; bytes < captureBudget; n++) {
    expect(recorder.keepFor(interest)).toBe(65535);
    came(n, { copies: 0, cause: 1, data: big, length: big.length });
    captured.client.length = 0;
    bytes += big.length;
  }
  expect(recorder.keepFor(interest)).toBeLessThan(300);
  begins(2_000_000_000);
  expect(recorder.keepFor(interest)).toBe(65535);
});

test("without a reader of captures nothing is put together for one", () => {
  recorder.keepFor({ events: true, captures: false });
  came(1);
  left(1, 5e6);
  expect(captured).toEqual({ client: [], server: [] });
  expect(events).toHaveLength(1);
});

test("a packet that no event can describe is left out", () => {
  came(1, { data: new Uint8Array(40) });
  left(1, 5e6);
  expect(events).toEqual([]);
  const echo = buildIcmpEcho4({ src: "10.77.0.3", dst: "10.77.0.2", seq: 9 });
  came(2, { data: echo as Uint8Array<ArrayBuffer>, copies: 0, cause: 1 });
  expect(events[0]).toMatchObject({ n: 2, proto: "icmp", icmp: { type: 8, seq: 9 } });
});
