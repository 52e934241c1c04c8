import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildTcp4,
  buildUdp4,
  buildUdp6,
  decodePacket,
  fillChecksums,
  fragment4,
  internetChecksum,
  parseAddress,
  verifyChecksums,
} from "../packet/mod.ts";
import { Frame } from "./frame.ts";

const server = "10.77.0.2", client = "10.77.0.3";
const frame = new Frame(parseAddress(server), parseAddress("fd00::2"));
const ports = { srcPort: 40000, dstPort: 12000 };
const any = buildUdp4({ src: client, dst: server, ...ports });

/** The whole header's checksum, computed anew. */
function headerIsRight(packet: Uint8Array): boolean {
  return internetChecksum(packet, 0, (packet[0]! & 15) * 4) === 0;
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll("0", "").length;
}

test("Frame.isFromServer() looks at the source alone", () => {
  expect(frame.isFromServer(buildUdp4({ src: server, dst: client, ...ports }))).toBe(true);
  expect(frame.isFromServer(buildUdp4({ src: client, dst: server, ...ports }))).toBe(false);
  expect(frame.isFromServer(buildUdp4({ src: "10.77.0.20", dst: server, ...ports }))).toBe(false);
});

test("Frame.restoreTimeToLive() adds one hop and keeps the header's checksum right, whatever the packet", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 254 }),
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 300 }),
      fc.constantFrom("10.77.0.3", "255.255.255.254", "0.0.0.0", "10.77.255.255"),
      (ttl, id, size, src) => {
        const payload = new Uint8Array(size);
        const packet = buildUdp4({ src, dst: server, ...ports, ttl, id, payload });
        frame.restoreTimeToLive(packet);
        expect(packet).toEqual(
          buildUdp4({ src, dst: server, ...ports, ttl: ttl + 1, id, payload }),
        );
        expect(headerIsRight(packet)).toBe(true);
      },
    ),
    { seed: 43, numRuns: 500 },
  );
});

test("Frame.restoreTimeToLive() leaves 255, the most there is", () => {
  const packet = buildUdp4({ src: client, dst: server, ...ports, ttl: 255 });
  const before = packet.slice();
  frame.restoreTimeToLive(packet);
  expect(packet).toEqual(before);
});

test("Frame.isEcnCapable() and markCongestion(): ECT becomes CE with the right checksum", () => {
  for (const ecn of [0, 1, 2, 3] as const) {
    const packet = buildTcp4({ src: client, dst: server, ...ports, ecn });
    expect(frame.isEcnCapable(packet)).toBe(ecn === 1 || ecn === 2);
    frame.markCongestion(packet);
    expect(decodePacket(packet)!.ip.ecn).toBe(3);
    expect(headerIsRight(packet)).toBe(true);
  }
});

test("Frame.flip() changes one bit behind the IP header; flipping again undoes it", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 0, max: 1472 }),
      fc.constantFrom(buildUdp4, buildTcp4),
      (random, size, build) => {
        const packet = build({ src: client, dst: server, ...ports, payload: new Uint8Array(size) });
        const before = packet.slice();
        frame.flip(packet, packet.length, random);
        expect(headerIsRight(packet)).toBe(true);
        const bits = packet.reduce((sum, byte, i) => sum + ones(byte ^ before[i]!), 0);
        expect(bits).toBe(1);
        frame.flip(packet, packet.length, random);
        expect(packet).toEqual(before);
      },
    ),
    { seed: 44, numRuns: 300 },
  );
});

test("Frame.flip() in the payload is found by the checksum of TCP, UDP and ICMP", () => {
  const options = { src: client, dst: server, ...ports, payload: new Uint8Array(64).fill(5) };
  for (const packet of [buildUdp4(options), buildTcp4(options), buildIcmpEcho4(options)]) {
    const lastBit = (packet.length - 20) * 8 - 1;
    frame.flip(packet, packet.length, lastBit);
    expect(verifyChecksums(packet)).toEqual({ ip: true, transport: false });
  }
});

test("Frame.bitOf() picks each bit behind the IP header, none before it and none past the end", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 21, max: 65535 }),
      fc.integer({ min: 0, max: 0xffffffff }),
      (length, random) => {
        const bit = frame.bitOf(any, length, random);
        expect(bit).toBeGreaterThanOrEqual(160);
        expect(bit).toBeLessThan(length * 8);
      },
    ),
    { seed: 45, numRuns: 500 },
  );
  const bits = new Set(Array.from({ length: 64 }, (_, random) => frame.bitOf(any, 28, random)));
  expect(bits.size).toBe(64);
});

test("Frame.bitOf() stays inside a packet that is a header alone", () => {
  expect(frame.bitOf(any, 20, 0xffffffff)).toBe(0);
});

/** An ICMP message of any type: an echo with its type changed, checksum filled in. */
function icmp(type: number): Uint8Array {
  const packet = buildIcmpEcho4({ src: client, dst: server, payload: new Uint8Array(36) });
  packet[20] = type;
  fillChecksums(packet);
  return packet;
}

function withProtocol(protocol: number): Uint8Array {
  const packet = buildUdp4({ src: client, dst: server, ...ports });
  packet[9] = protocol;
  return packet;
}

function withVersion(version: number): Uint8Array {
  const packet = any.slice();
  packet[0] = (version << 4) | 5;
  return packet;
}

const echo = { src: client, dst: server, payload: new Uint8Array(3000) };
const [firstFragment, laterFragment] = fragment4(buildIcmpEcho4(echo), 1500);

test.each<[string, Uint8Array, boolean]>([
  ["UDP", buildUdp4({ src: client, dst: server, ...ports }), true],
  ["an empty UDP datagram", buildUdp4({ src: client, dst: server, ...ports }), true],
  ["TCP", buildTcp4({ src: client, dst: server, ...ports, flags: "S" }), true],
  ["an echo request", buildIcmpEcho4(echo), true],
  ["an echo reply", buildIcmpEcho4({ ...echo, reply: true }), true],
  ["the first fragment of an echo", firstFragment!, true],
  ["a later fragment of an echo", laterFragment!, true],
  ["destination unreachable", icmp(3), false],
  ["time exceeded", icmp(11), false],
  ["a redirect", icmp(5), false],
  ["IGMP", withProtocol(2), false],
  ["SCTP", withProtocol(132), false],
  ["half an IPv6 header", buildUdp6({ src: "::1", dst: "::2", ...ports }).subarray(0, 39), false],
  ["another version", withVersion(5), false],
  ["half a header", buildUdp4({ src: client, dst: server, ...ports }).subarray(0, 19), false],
  ["nothing", new Uint8Array(0), false],
])("Frame.meetsModel(): %s", (_, packet, meets) => {
  expect(frame.meetsModel(packet, packet.length)).toBe(meets);
});
