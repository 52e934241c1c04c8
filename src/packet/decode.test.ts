import fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildIcmpEcho6,
  buildTcp4,
  buildTcp6,
  buildUdp4,
  buildUdp6,
  decodePacket,
  describePacket,
  fillChecksums,
  fragment4,
  fragment6,
  verifyChecksums,
} from "./mod.ts";

const hex = (text: string) =>
  Uint8Array.from(text.replaceAll(/\s/g, "").match(/../g) ?? [], (pair) => parseInt(pair, 16));

const port = fc.integer({ min: 0, max: 65535 });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const payload = fc.uint8Array({ maxLength: 2000 });
const ip4 = fc.ipV4();
const ip6 = fc.uint8Array({ minLength: 16, maxLength: 16 });
const runs = { seed: 20261121, numRuns: 300 };

test("decodePacket() reads a ping as the wire shows it", () => {
  // An echo request of 10.0.0.1 to 10.0.0.2, checksums worked out by hand.
  const bytes = hex(`
    45 00 00 20 12 34 40 00  40 01 14 a7 0a 00 00 01
    0a 00 00 02 08 00 2e 95  00 07 00 01 61 62 63 64`);
  fillChecksums(bytes);
  expect(decodePacket(bytes)).toEqual({
    ip: {
      version: 4,
      src: "10.0.0.1",
      dst: "10.0.0.2",
      protocol: 1,
      length: 32,
      ttl: 64,
      id: 0x1234,
      dontFragment: true,
      ecn: 0,
    },
    // 0800 + 0007 + 0001 + 6162 + 6364 = ccce, complemented 3331
    icmp: { type: 8, code: 0, checksum: 0x3331, id: 7, seq: 1 },
    payload: new TextEncoder().encode("abcd"),
  });
});

test("decodePacket() reads a SYN with options and an ECN field", () => {
  const bytes = hex(`
    45 02 00 2c 00 01 00 00  3f 06 00 00 c0 a8 00 05  c0 a8 00 06
    c3 50 17 7f 00 00 00 01  00 00 00 00 60 c2 fa f0  00 00 00 00
    02 04 05 b4`);
  const decoded = decodePacket(bytes);
  expect(decoded?.ip).toMatchObject({ src: "192.168.0.5", dst: "192.168.0.6", ttl: 63, ecn: 2 });
  expect(decoded?.tcp).toEqual({
    srcPort: 50000,
    dstPort: 6015,
    seq: 1,
    ack: 0,
    flags: 0xc2,
    window: 64240,
    checksum: 0,
    urgent: 0,
    options: hex("02 04 05 b4"),
  });
  expect(decoded?.payload).toHaveLength(0);
});

test("decodePacket() finds UDP behind IPv6 extension headers", () => {
  const bytes = hex(`
    60 00 00 00 00 1a 00 40  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
    ff 02 00 00 00 00 00 00 00 00 00 00 00 00 00 02
    3c 00 01 04 00 00 00 00  11 00 01 04 00 00 00 00
    00 07 00 09 00 0a 00 00  68 69`);
  const decoded = decodePacket(bytes);
  expect(decoded?.ip).toMatchObject({ version: 6, src: "fe80::1", dst: "ff02::2", protocol: 17 });
  expect(decoded?.udp).toMatchObject({ srcPort: 7, dstPort: 9, length: 10 });
  expect(decoded?.payload).toEqual(hex("68 69"));
});

test("decodePacket() gives back what buildUdp4() was given", () => {
  fc.assert(
    fc.property(ip4, ip4, port, port, payload, (src, dst, srcPort, dstPort, payload) => {
      const bytes = buildUdp4({ src, dst, srcPort, dstPort, payload, id: srcPort, ttl: 9, ecn: 1 });
      const decoded = decodePacket(bytes)!;
      expect(decoded.ip).toMatchObject({ src, dst, id: srcPort, ttl: 9, ecn: 1, protocol: 17 });
      expect(decoded.udp).toMatchObject({ srcPort, dstPort, length: payload.length + 8 });
      expect(decoded.payload).toEqual(payload);
      expect(verifyChecksums(bytes)).toEqual({ ip: true, transport: true });
    }),
    runs,
  );
});

test("decodePacket() gives back what buildTcp4() and buildTcp6() were given", () => {
  const flags = fc.subarray([..."FSRPAUEC"]).map((letters) => letters.join(""));
  fc.assert(
    fc.property(port, u32, u32, flags, payload, (srcPort, seq, ack, flags, payload) => {
      const options = hex("01 01 08 0a 00 00 00 01 00 00 00 02");
      const rest = { srcPort, dstPort: 80, seq, ack, flags, window: 1234, options, payload };
      for (
        const bytes of [
          buildTcp4({ src: "10.0.0.1", dst: "10.0.0.2", ...rest }),
          buildTcp6({ src: "fd00::1", dst: "fd00::2", ...rest }),
        ]
      ) {
        const { tcp, payload: carried } = decodePacket(bytes)!;
        expect(tcp).toMatchObject({ srcPort, dstPort: 80, seq, ack, window: 1234, options });
        expect(carried).toEqual(payload);
        expect(verifyChecksums(bytes)).toEqual({ ip: true, transport: true });
        expect(describePacket(bytes, 0, bytes.length)!.tcp)
          .toEqual({ flags, seq, ack, win: 1234, len: payload.length });
      }
    }),
    runs,
  );
});

test("decodePacket() gives back echo messages of both families and UDP over IPv6", () => {
  fc.assert(
    fc.property(port, port, payload, fc.boolean(), ip6, (echoId, seq, payload, reply, _raw) => {
      const rest = { echoId, seq, payload, reply };
      const four = buildIcmpEcho4({ src: "10.0.0.1", dst: "10.0.0.2", ...rest });
      const six = buildIcmpEcho6({ src: "fd00::1", dst: "fd00::2", ...rest });
      expect(decodePacket(four)!.icmp).toMatchObject({ type: reply ? 0 : 8, id: echoId, seq });
      expect(decodePacket(six)!.icmp).toMatchObject({ type: reply ? 129 : 128, id: echoId, seq });
      const udp = buildUdp6({
        src: "fd00::1",
        dst: "fd00::2",
        srcPort: seq,
        dstPort: echoId,
        payload,
      });
      expect(decodePacket(udp)).toMatchObject({ udp: { srcPort: seq, dstPort: echoId }, payload });
      for (const bytes of [four, six, udp]) {
        expect(verifyChecksums(bytes)).toEqual({ ip: true, transport: true });
      }
    }),
    runs,
  );
});

test("decodePacket() and describePacket() never throw on arbitrary bytes", () => {
  const anything = fc.uint8Array({ maxLength: 120 });
  const likely = fc.tuple(fc.constantFrom(0x45, 0x46, 0x4f, 0x60), anything)
    .map(([first, rest]) => Uint8Array.of(first, ...rest));
  fc.assert(
    fc.property(fc.oneof(anything, likely), (bytes) => {
      const decoded = decodePacket(bytes);
      const described = describePacket(bytes, 0, bytes.length);
      if (decoded === null) expect(described).toBeNull();
      else expect(decoded.payload.length).toBeLessThan(bytes.length);
      if (described) expect(described.len).toBe(decoded!.ip.length);
    }),
    { seed: 1, numRuns: 5000 },
  );
});

test("decodePacket() never throws on a packet cut off or with bytes changed", () => {
  const packet = buildTcp6({ src: "fd00::1", dst: "fd00::2", srcPort: 1, dstPort: 2 });
  fc.assert(
    fc.property(
      fc.nat(packet.length),
      fc.nat(packet.length - 1),
      fc.nat(255),
      (length, at, value) => {
        const bytes = packet.slice(0, length);
        if (at < length) bytes[at] = value;
        const decoded = decodePacket(bytes);
        if (length < 20) expect(decoded).toBeNull();
      },
    ),
    { seed: 2, numRuns: 3000 },
  );
});

test("decodePacket() refuses what is no IP packet", () => {
  const wrong = ["", "45", "05".repeat(40), "44" + "00".repeat(30), "4f" + "00".repeat(30)];
  for (const text of wrong) expect(decodePacket(hex(text))).toBeNull();
  expect(decodePacket(hex("60" + "00".repeat(38)))).toBeNull();
});

test("decodePacket() of a later fragment has its data and no ports", () => {
  const whole = buildUdp4({
    src: "10.0.0.1",
    dst: "10.0.0.2",
    srcPort: 40000,
    dstPort: 12000,
    id: 77,
    payload: new Uint8Array(3000).map((_, i) => i),
  });
  const fragments = fragment4(whole, 1500);
  const decoded = fragments.map((fragment) => decodePacket(fragment)!);
  expect(decoded.map(({ ip }) => ip.fragment)).toEqual([
    { offset: 0, more: true },
    { offset: 1480, more: true },
    { offset: 2960, more: false },
  ]);
  expect(decoded[0]!.udp).toMatchObject({ srcPort: 40000, dstPort: 12000, length: 3008 });
  expect(decoded[1]!.udp).toBeUndefined();
  expect(decoded[1]!.payload).toEqual(whole.subarray(20 + 1480, 20 + 2960));
  expect(decoded.every(({ ip }) => ip.id === 77)).toBe(true);
});

test("fragment4() cuts a packet into parts that put together are the packet", () => {
  const size = fc.integer({ min: 0, max: 5000 });
  fc.assert(
    fc.property(size, fc.integer({ min: 28, max: 1500 }), (size, mtu) => {
      const payload = new Uint8Array(size).map((_, i) => i * 7);
      const whole = buildUdp4({ src: "1.2.3.4", dst: "5.6.7.8", srcPort: 1, dstPort: 2, payload });
      const data = new Uint8Array(whole.length - 20);
      for (const fragment of fragment4(whole, mtu)) {
        expect(fragment.length).toBeLessThanOrEqual(mtu);
        expect(verifyChecksums(fragment)!.ip).toBe(true);
        data.set(fragment.subarray(20), decodePacket(fragment)!.ip.fragment?.offset ?? 0);
      }
      expect(data).toEqual(whole.subarray(20));
    }),
    { seed: 3, numRuns: 100 },
  );
});

test("fragment4() refuses an MTU without room and what is not IPv4", () => {
  const packet = buildUdp4({
    src: "1.2.3.4",
    dst: "5.6.7.8",
    srcPort: 1,
    dstPort: 2,
    payload: hex("00 00"),
  });
  expect(() => fragment4(packet, 27)).toThrow("Choose an MTU of at least 28, not 27");
  expect(() => fragment4(new Uint8Array(40), 1500)).toThrow("Give a whole IPv4 packet");
});

test("buildUdp4() refuses addresses of the other family and packets too long", () => {
  const to = { src: "10.0.0.1", dst: "10.0.0.2", srcPort: 1, dstPort: 2 };
  expect(() => buildUdp4({ ...to, dst: "fd00::1" })).toThrow("Give an IPv4 address, not 'fd00::1'");
  expect(() => buildUdp4({ ...to, dst: "10.0.0" })).toThrow("Give an IPv4 or IPv6 address");
  expect(buildUdp4({ ...to, payload: new Uint8Array(65_507) })).toHaveLength(65_535);
  expect(() => buildUdp4({ ...to, payload: new Uint8Array(65_508) }))
    .toThrow("the packet has 65536 bytes, 65535 at most");
});

test("fragment6() cuts a packet into parts that put together are the packet", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 64, max: 1500 }),
      (size, mtu) => {
        const options = { src: "fd00::2", dst: "fd00::1", srcPort: 1, dstPort: 2 };
        const whole = buildUdp6({ ...options, payload: new Uint8Array(size).fill(7) });
        const parts = fragment6(whole, mtu, 99);
        if (whole.length <= mtu) {
          expect(parts).toEqual([whole]);
          return;
        }
        const data = new Uint8Array(whole.length - 40);
        parts.forEach((part, i) => {
          expect(part.length).toBeLessThanOrEqual(mtu);
          const { ip } = decodePacket(part)!;
          expect(ip).toMatchObject({ protocol: 17, length: part.length, id: 99 });
          expect(ip.fragment!.more).toBe(i < parts.length - 1);
          data.set(part.subarray(48), ip.fragment!.offset);
        });
        expect(data).toEqual(whole.subarray(40));
      },
    ),
    { seed: 48, numRuns: 200 },
  );
});

test("fragment6() refuses an MTU without room, and what is not a plain IPv6 packet", () => {
  const options = { src: "fd00::2", dst: "fd00::1", srcPort: 1, dstPort: 2 };
  const packet = buildUdp6({ ...options, payload: new Uint8Array(100) });
  expect(() => fragment6(packet, 55, 1)).toThrow("Choose an MTU of at least 56, not 55");
  const [part] = fragment6(packet, 100, 1);
  for (const wrong of [part!, new Uint8Array(60)]) {
    expect(() => fragment6(wrong, 60, 1)).toThrow("Give a whole IPv6 packet without extension");
  }
});
