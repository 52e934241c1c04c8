import { expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildIcmpEcho6,
  buildTcp4,
  buildUdp4,
  buildUdp6,
  describePacket,
  fragment4,
  fragment6,
} from "./mod.ts";

const text = (value: string) => new TextEncoder().encode(value);
const to = { src: "10.77.0.2", dst: "10.77.0.1", srcPort: 40000, dstPort: 12000 };
const describe = (bytes: Uint8Array) => describePacket(bytes, 0, bytes.length);

test("describePacket() tells a datagram's ports, size and head", () => {
  expect(describe(buildUdp4({ ...to, id: 9, payload: text("ping 1") }))).toEqual({
    src: "10.77.0.2:40000",
    dst: "10.77.0.1:12000",
    proto: "udp",
    len: 34,
    ip_id: 9,
    udp: { len: 6 },
    head: btoa("ping 1"),
  });
});

test("describePacket() writes IPv6 addresses in brackets", () => {
  const packet = buildUdp6({ ...to, src: "fd00::2", dst: "fd00::1" });
  expect(describe(packet)).toMatchObject({
    src: "[fd00::2]:40000",
    dst: "[fd00::1]:12000",
    len: 48,
  });
});

const six = { ...to, src: "fd00::2", dst: "fd00::1" };

test("describePacket() gives an IPv6 packet no identification: it has none", () => {
  expect(describe(buildUdp6({ ...six, payload: text("hi") }))).toEqual({
    src: "[fd00::2]:40000",
    dst: "[fd00::1]:12000",
    proto: "udp",
    len: 50,
    udp: { len: 2 },
    head: btoa("hi"),
  });
});

test("describePacket() calls ICMPv6 icmp, with bare addresses", () => {
  const packet = buildIcmpEcho6({ ...six, echoId: 5, seq: 6, reply: true });
  expect(describe(packet)).toEqual({
    src: "fd00::2",
    dst: "fd00::1",
    proto: "icmp",
    len: 48,
    icmp: { type: 129, code: 0, id: 5, seq: 6 },
  });
});

test("describePacket() tells the fragments of an IPv6 datagram with their identification", () => {
  const whole = buildUdp6({ ...six, payload: text("y".repeat(2000)) });
  const [first, second] = fragment6(whole, 1500, 4_000_000_000).map(describe);
  expect(first).toMatchObject({
    src: "[fd00::2]:40000",
    len: 1496,
    ip_id: 4_000_000_000,
    fragment: { offset: 0, more: true },
    udp: { len: 2000 },
  });
  expect(second).toEqual({
    src: "fd00::2",
    dst: "fd00::1",
    proto: "udp",
    len: 608,
    ip_id: 4_000_000_000,
    fragment: { offset: 1448, more: false },
  });
});

test("describePacket() leaves out the head of an empty datagram", () => {
  expect(describe(buildUdp4(to))).not.toHaveProperty("head");
  expect(describe(buildUdp4(to))!.udp).toEqual({ len: 0 });
});

test("describePacket() keeps at most 64 bytes of payload", () => {
  const head = (size: number) =>
    atob(describe(buildUdp4({ ...to, payload: text("x".repeat(size)) }))!.head!).length;
  expect([63, 64, 65, 1400].map(head)).toEqual([63, 64, 64, 64]);
});

test("describePacket() tells TCP's numbers and flags from FIN on", () => {
  const packet = buildTcp4({ ...to, seq: 4294967295, ack: 7, flags: "AS", window: 500 });
  expect(describe(packet)).toMatchObject({
    proto: "tcp",
    tcp: { flags: "SA", seq: 4294967295, ack: 7, win: 500, len: 0 },
  });
});

test("describePacket() gives ICMP bare addresses", () => {
  const packet = buildIcmpEcho4({ ...to, echoId: 5, seq: 6, payload: text("abc") });
  expect(describe(packet)).toMatchObject({
    src: "10.77.0.2",
    dst: "10.77.0.1",
    proto: "icmp",
    icmp: { type: 8, code: 0, id: 5, seq: 6 },
    head: btoa("abc"),
  });
});

test("describePacket() names the whole datagram's size on its first fragment only", () => {
  const whole = buildUdp4({ ...to, id: 3, payload: text("y".repeat(2000)) });
  const [first, second] = fragment4(whole, 1500).map(describe);
  expect(first).toMatchObject({
    src: "10.77.0.2:40000",
    len: 1500,
    fragment: { offset: 0, more: true },
    udp: { len: 2000 },
  });
  expect(second).toEqual({
    src: "10.77.0.2",
    dst: "10.77.0.1",
    proto: "udp",
    len: 548,
    ip_id: 3,
    fragment: { offset: 1480, more: false },
  });
});

test("describePacket() reads at an offset and ignores padding behind the packet", () => {
  const packet = buildUdp4({ ...to, payload: text("hi") });
  const frame = new Uint8Array(80).fill(0xee);
  frame.set(packet, 14);
  expect(describePacket(frame, 14, 66)).toEqual(describe(packet));
});

test("describePacket() knows a packet whose transport header is cut short by its addresses", () => {
  const packet = buildTcp4(to).slice(0, 30);
  expect(describe(packet)).toEqual({
    src: "10.77.0.2",
    dst: "10.77.0.1",
    proto: "tcp",
    len: 40,
    ip_id: 0,
  });
});

test("describePacket() is null for other protocols", () => {
  const packet = buildUdp4(to);
  packet[9] = 47; // GRE
  expect(describe(packet)).toBeNull();
  expect(describe(new Uint8Array(60))).toBeNull();
});
