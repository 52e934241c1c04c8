import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIcmpEcho6,
  buildTcp6,
  buildUdp6,
  decodePacket,
  fillChecksums,
  fragment6,
  parseAddress,
  verifyChecksums,
} from "../packet/mod.ts";
import { Frame } from "./frame.ts";

const server = "fd00:77::2", client = "fd00:77::3";
const frame = new Frame(parseAddress("10.77.0.2"), parseAddress(server));
const up = { src: client, dst: server, srcPort: 40000, dstPort: 12000 };

test("Frame.isFromServer() looks at the source alone, in IPv6 too", () => {
  expect(frame.isFromServer(buildUdp6({ ...up, src: server, dst: client }))).toBe(true);
  for (const src of [client, "fd00:78::2", "fd00:77::1:2", "::2"]) {
    expect(frame.isFromServer(buildUdp6({ ...up, src }))).toBe(false);
  }
});

test("Frame.restoreTimeToLive() adds one to the hop limit, leaves 255, and touches nothing else", () => {
  for (const ttl of [0, 1, 63, 254]) {
    const packet = buildUdp6({ ...up, ttl });
    frame.restoreTimeToLive(packet);
    expect(packet).toEqual(buildUdp6({ ...up, ttl: ttl + 1 }));
  }
  const most = buildUdp6({ ...up, ttl: 255 });
  frame.restoreTimeToLive(most);
  expect(most).toEqual(buildUdp6({ ...up, ttl: 255 }));
});

test("Frame.isEcnCapable() and markCongestion(): ECT becomes CE, and the rest of the traffic class stays", () => {
  for (const ecn of [0, 1, 2, 3] as const) {
    const packet = buildTcp6({ ...up, ecn });
    packet[0] = 0x6b; // DSCP's upper bits
    packet[1]! |= 0xc5; // its lower ones, and the flow label's first
    expect(frame.isEcnCapable(packet)).toBe(ecn === 1 || ecn === 2);
    frame.markCongestion(packet);
    expect(decodePacket(packet)!.ip.ecn).toBe(3);
    expect([...packet.subarray(0, 2)]).toEqual([0x6b, 0xf5]);
  }
});

const isFragment = (packet: Uint8Array) => packet[6] === 44;
const whole = buildUdp6({ ...up, payload: new Uint8Array(3000) });
const parts = fragment6(whole, 1500, 7);

test("Frame.flip() changes one bit behind the IPv6 header and fragment header; flipping again undoes it", () => {
  const packets = [
    buildUdp6(up),
    buildTcp6({ ...up, payload: new Uint8Array(5) }),
    buildIcmpEcho6(up),
    ...parts,
  ];
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.constantFrom(...packets),
      (random, original) => {
        const packet = original.slice();
        frame.flip(packet, packet.length, random);
        const at = packet.findIndex((byte, i) => byte !== original[i]);
        expect(at).toBeGreaterThanOrEqual(isFragment(packet) ? 48 : 40);
        const flipped = packet[at]! ^ original[at]!;
        expect(flipped & (flipped - 1)).toBe(0);
        frame.flip(packet, packet.length, random);
        expect(packet).toEqual(original);
      },
    ),
    { seed: 46, numRuns: 300 },
  );
});

test("Frame.flip() in the payload is found by the checksum of TCP, UDP and ICMPv6", () => {
  const options = { ...up, payload: new Uint8Array(64).fill(5) };
  for (const packet of [buildUdp6(options), buildTcp6(options), buildIcmpEcho6(options)]) {
    frame.flip(packet, packet.length, (packet.length - 40) * 8 - 1);
    expect(verifyChecksums(packet)).toEqual({ ip: true, transport: false });
  }
});

/** An ICMPv6 message of any type: an echo with its type changed, checksum filled in. */
function icmp(type: number): Uint8Array {
  const packet = buildIcmpEcho6({ ...up, payload: new Uint8Array(36) });
  packet[40] = type;
  fillChecksums(packet);
  return packet;
}

/** A packet with extension headers put in: each 8 bytes, of these types. */
function extended(packet: Uint8Array, ...types: number[]): Uint8Array {
  const bytes = new Uint8Array(packet.length + 8 * types.length);
  bytes.set(packet.subarray(0, 40));
  bytes.set(packet.subarray(40), 40 + 8 * types.length);
  types.forEach((type, i) => {
    bytes[i === 0 ? 6 : 40 + 8 * (i - 1)] = type;
    bytes[40 + 8 * i] = packet[6]!;
  });
  bytes[5] = bytes.length - 40;
  return bytes;
}

const echo = { ...up, payload: new Uint8Array(3000) };
const [firstEcho, laterEcho] = fragment6(buildIcmpEcho6(echo), 1500, 9);
const [firstError, laterError] = fragment6(
  (() => {
    const packet = buildIcmpEcho6(echo);
    packet[40] = 1;
    return packet;
  })(),
  1500,
  9,
);

test.each<[string, Uint8Array, boolean]>([
  ["UDP", buildUdp6(up), true],
  ["TCP", buildTcp6({ ...up, flags: "S" }), true],
  ["an echo request", buildIcmpEcho6(up), true],
  ["an echo reply", buildIcmpEcho6({ ...up, reply: true }), true],
  ["the first fragment of a datagram", parts[0]!, true],
  ["a later fragment of a datagram", parts[1]!, true],
  ["the first fragment of an echo", firstEcho!, true],
  ["a later fragment of an echo", laterEcho!, true],
  ["the first fragment of an ICMPv6 error", firstError!, false],
  // It does not say of what it is a part: as in IPv4, it counts as echo.
  ["a later fragment of an ICMPv6 error", laterError!, true],
  ["UDP behind hop-by-hop options", extended(buildUdp6(up), 0), true],
  ["an echo request behind two extension headers", extended(buildIcmpEcho6(up), 0, 60), true],
  ["an error behind an extension header", extended(icmp(1), 60), false],
  ["destination unreachable", icmp(1), false],
  ["packet too big", icmp(2), false],
  ["time exceeded", icmp(3), false],
  ["a neighbour solicitation", icmp(135), false],
  ["a neighbour advertisement", icmp(136), false],
  ["an extension header cut short", extended(buildUdp6(up), 0).subarray(0, 44), false],
  ["ICMPv6 of which nothing is there", icmp(128).subarray(0, 40), false],
  [
    "no next header",
    (() => {
      const packet = buildUdp6(up);
      packet[6] = 59;
      return packet;
    })(),
    false,
  ],
])("Frame.meetsModel(): %s over IPv6", (_, packet, meets) => {
  expect(frame.meetsModel(packet, packet.length)).toBe(meets);
});

test("Frame.meetsModel() comes to an end and stays inside the packet, whatever its bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 120 }), (bytes) => {
      if (bytes.length > 0) bytes[0] = 0x60;
      expect(frame.meetsModel(bytes, bytes.length)).toBeTypeOf("boolean");
    }),
    { seed: 47, numRuns: 1000 },
  );
});

test("Frame.isStray() is what the tun device says by itself, and nothing of IPv4", () => {
  expect(frame.isStray(buildUdp6({ ...up, dst: "ff02::16" }))).toBe(true);
  expect(frame.isStray(buildUdp6(up))).toBe(false);
  const four = new Uint8Array(40).fill(0xff);
  four[0] = 0x45;
  expect(frame.isStray(four)).toBe(false);
});
