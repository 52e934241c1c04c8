import fc from "fast-check";
import { expect, test } from "vitest";
import { pcapHeader, PcapReader, pcapRecord, readPcap, SNAPLEN } from "./mod.ts";

const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

test("pcapHeader() and pcapRecord() write the bytes that the format names", () => {
  expect([...pcapHeader()]).toEqual([
    ...[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0],
  ]);
  const record = pcapRecord({
    bytes: Uint8Array.of(0x45, 0x00),
    timeUs: 1_000_002_000_003,
    originalLength: 300,
  });
  // 1,000,002 s = 0x0f4242, 3 us, 2 bytes held of 300
  expect([...record]).toEqual([
    ...[0x42, 0x42, 0x0f, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0x2c, 1, 0, 0, 0x45, 0],
  ]);
});

test("PcapReader reads what was written, however the bytes come", () => {
  const packets = fc.array(fc.record({
    bytes: fc.uint8Array({ maxLength: 100 }),
    timeUs: fc.integer({ min: 0, max: 2_000_000_000_000_000 }),
  }));
  fc.assert(
    fc.property(packets, fc.integer({ min: 1, max: 50 }), (packets, step) => {
      const file = join(pcapHeader(), ...packets.map(pcapRecord));
      const reader = new PcapReader();
      const read = [];
      for (let at = 0; at < file.length; at += step) {
        read.push(...reader.push(file.subarray(at, at + step)));
      }
      reader.end();
      expect(reader.linkType).toBe(101);
      expect(read).toEqual(
        packets.map(({ bytes, timeUs }) => ({ bytes, timeUs, originalLength: bytes.length })),
      );
    }),
    { seed: 8, numRuns: 100 },
  );
});

test("readPcap() reads big-endian captures in nanoseconds", () => {
  const file = new Uint8Array(24 + 16 + 1);
  const view = new DataView(file.buffer);
  view.setUint32(0, 0xa1b23c4d);
  view.setUint32(20, 1);
  [5, 1500, 1, 60].forEach((value, i) => view.setUint32(24 + 4 * i, value));
  expect(readPcap(file)).toEqual([
    { bytes: Uint8Array.of(0), timeUs: 5_000_001.5, originalLength: 60 },
  ]);
});

test("pcapRecord() cuts what is longer than the snaplen and keeps its length", () => {
  const [read] = readPcap(
    join(pcapHeader(), pcapRecord({ bytes: new Uint8Array(SNAPLEN + 1), timeUs: 0 })),
  );
  expect([read!.bytes.length, read!.originalLength]).toEqual([SNAPLEN, SNAPLEN + 1]);
});

test("readPcap() refuses what is no capture, or a cut one", () => {
  expect(() => readPcap(new TextEncoder().encode("#!/bin/sh\necho this is a script")))
    .toThrow("Not a pcap file");
  const file = join(pcapHeader(), pcapRecord({ bytes: new Uint8Array(5), timeUs: 0 }));
  expect(() => readPcap(file.slice(0, -1))).toThrow("The capture is cut off");
  expect(() => readPcap(file.slice(0, 10))).toThrow("The capture is cut off");
  expect(() => readPcap(join(pcapHeader(), new Uint8Array(16).fill(255)))).toThrow(
    "Not a pcap record",
  );
});
