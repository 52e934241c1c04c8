import fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildTcp4,
  buildUdp4,
  buildUdp6,
  fillChecksums,
  fragment4,
  internetChecksum,
  markCongestion,
  readU16,
  verifyChecksums,
  writeU16,
} from "./mod.ts";

const to = { src: "10.0.0.1", dst: "10.0.0.2", srcPort: 1, dstPort: 2 };

test("internetChecksum() gives the sum of RFC 1071's example, complemented", () => {
  // RFC 1071 3: 0001 f203 f4f5 f6f7 sum to ddf2
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7);
  expect(internetChecksum(bytes)).toBe(0xffff - 0xddf2);
});

test("internetChecksum() pads an odd byte with zero and does not overflow", () => {
  expect(internetChecksum(Uint8Array.of(0x12))).toBe(0xffff - 0x1200);
  expect(internetChecksum(new Uint8Array(1 << 20).fill(0xff))).toBe(0);
});

test("verifyChecksums() finds any single flipped bit of a TCP segment", () => {
  const packet = buildTcp4({ ...to, payload: new Uint8Array(30) });
  fc.assert(
    fc.property(fc.nat(packet.length - 1), fc.nat(7), (at, bit) => {
      const bytes = packet.slice();
      bytes[at] = bytes[at]! ^ (1 << bit);
      const report = verifyChecksums(bytes);
      const sound = report !== null && report.ip && report.transport === true;
      expect(sound).toBe(false);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test("verifyChecksums() leaves fragments and UDP without a checksum undecided", () => {
  const packet = buildUdp4({ ...to, payload: new Uint8Array(2000) });
  for (const fragment of fragment4(packet, 1500)) {
    expect(verifyChecksums(fragment)).toEqual({ ip: true, transport: null });
  }
  const bare = buildUdp4(to);
  writeU16(bare, 26, 0);
  expect(verifyChecksums(bare)).toEqual({ ip: true, transport: null });
  expect(verifyChecksums(Uint8Array.of(1, 2, 3))).toBeNull();
});

test("fillChecksums() sends a UDP checksum of zero as all ones", () => {
  const packet = buildUdp6({ ...to, src: "::1", dst: "::1", payload: Uint8Array.of(0, 0) });
  // A payload equal to the checksum found over zeros makes the sum come out as 0.
  writeU16(packet, 48, readU16(packet, 46));
  fillChecksums(packet);
  expect(readU16(packet, 46)).toBe(0xffff);
  expect(verifyChecksums(packet)!.transport).toBe(true);
});

test("markCongestion() sets CE and keeps the checksum right, of ECN packets only", () => {
  fc.assert(
    fc.property(fc.nat(65535), fc.constantFrom<1 | 2 | 3>(1, 2, 3), (id, ecn) => {
      const packet = buildUdp4({ ...to, id, ecn });
      expect(markCongestion(packet, 0)).toBe(true);
      expect(packet[1]! & 3).toBe(3);
      expect(verifyChecksums(packet)!.ip).toBe(true);
    }),
    { seed: 5, numRuns: 500 },
  );
  const plain = buildUdp4(to);
  const before = plain.slice();
  expect(markCongestion(plain, 0)).toBe(false);
  expect(plain).toEqual(before);
  const six = buildUdp6({ ...to, src: "::1", dst: "::2", ecn: 2 });
  expect(markCongestion(six, 0)).toBe(true);
  expect(six[1]! >> 4).toBe(3);
});
