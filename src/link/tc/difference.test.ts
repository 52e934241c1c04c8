import { expect, test } from "vitest";
import { buildTcp4, buildUdp4, buildUdp6, markCongestion } from "../../packet/mod.ts";
import { Bit, canBeMarked, differingBit } from "./difference.ts";
import { frameOf } from "./made_up_kernel_for_test.ts";
import { PacketPool } from "./pending.ts";
import { ethernet, finishChecksum, hashOf, packetLength, speaksEcn } from "./seen_frame.ts";

const payload = new TextEncoder().encode("Hello, network");
const ports = { srcPort: 40000, dstPort: 12000, payload, ecn: 2 } as const;
const four = { ...ports, src: "10.77.0.3", dst: "10.77.0.2", id: 9 };
const packets = [
  ["UDP over IPv4", buildUdp4(four)],
  ["TCP over IPv4", buildTcp4({ ...four, seq: 77 })],
  ["UDP over IPv6", buildUdp6({ ...ports, src: "fd00:77::3", dst: "fd00:77::2" })],
  ["an odd length", buildUdp4({ ...four, payload: payload.subarray(0, 13) })],
] as const;
const kept = (packet: Uint8Array) => new PacketPool(1514).take(frameOf(packet, 0)).words;

test.each(packets)(
  "%s: equal frames have one number and no difference, wherever they lie",
  (_, p) => {
    const one = frameOf(p, 0, 3), other = frameOf(p, 5, 8);
    expect(hashOf(one)).toBe(hashOf(other));
    expect(differingBit(kept(p), other)).toBe(Bit.none);
    expect(packetLength(one)).toBe(p.length);
  },
);

test.each(packets)(
  "%s: one flipped bit is found, wherever it is; two make another frame",
  (_, p) => {
    for (let bit = 0; bit < (p.length + ethernet) * 8; bit++) {
      const frame = frameOf(p, 0);
      const at = frame.first * 4 + 2 + (bit >> 3);
      frame.bytes[at]! ^= 1 << (bit & 7);
      const inside = bit - ethernet * 8;
      const ofSender = bit >> 3 >= 6 && bit >> 3 < 12;
      const outside = ofSender ? Bit.sender : Bit.ethernet;
      expect(differingBit(kept(p), frame)).toBe(inside < 0 ? outside : inside);
      frame.bytes[at]! ^= 2 << (bit & 7) || 1;
      frame.bytes[frame.first * 4 + 2 + ethernet]! ^= 0x0f;
      expect(differingBit(kept(p), frame)).toBe(Bit.other);
    }
  },
);

test.each(packets)("%s: a congestion mark changes nothing that counts", (_, p) => {
  const marked = p.slice();
  markCongestion(marked, 0);
  const frame = frameOf(marked, 0);
  expect(hashOf(frame)).toBe(hashOf(frameOf(p, 0)));
  expect(canBeMarked(kept(p))).toBe(true);
  expect(speaksEcn(frame)).toBe(true);
  expect(differingBit(kept(p), frame, true)).toBe(Bit.none);
  frame.bytes[frame.first * 4 + 2 + ethernet + 30]! ^= 4;
  expect(differingBit(kept(p), frame, true)).toBe(30 * 8 + 2);
});

test.each(packets)("%s: a checksum that was left to a network card is finished", (_, p) => {
  const unfinished = p.slice();
  const header = p[0]! >> 4 === 6 ? 40 : 20, protocol = p[header === 40 ? 6 : 9];
  unfinished[header + (protocol === 6 ? 16 : 6)] = 0x12;
  const frame = frameOf(unfinished, 0);
  finishChecksum(frame);
  expect(differingBit(kept(p), frame)).toBe(Bit.none);
});
