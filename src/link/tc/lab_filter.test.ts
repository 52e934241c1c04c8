import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  buildIcmpEcho4,
  buildIcmpEcho6,
  buildTcp4,
  buildTcp6,
  buildUdp4,
  buildUdp6,
  fillChecksums,
  fragment4,
  fragment6,
  parseAddress,
} from "../../packet/mod.ts";
import { Frame } from "../frame.ts";
import { labFilter, labFilterText } from "./lab_filter.ts";
import { runBpf } from "./run_bpf_for_test.ts";

const on = {
  device: "eth0",
  address: "10.77.0.2",
  prefix: 24,
  six: { address: "fd00:77::2", prefix: 64 },
  mtu: 1500,
};
const server = on.address, client = "10.77.0.3";
const server6 = on.six.address, client6 = "fd00:77::abcd:3";
const frame = new Frame(parseAddress(server), parseAddress(server6));
const ports = { srcPort: 40000, dstPort: 12000 };
const filters = { up: labFilter(on, "up"), down: labFilter(on, "down") };

/** The packet in a frame of Ethernet, of the type that its version has. */
function framed(packet: Uint8Array, type = packet[0]! >> 4 === 6 ? 0x86dd : 0x0800): Uint8Array {
  const bytes = new Uint8Array(14 + packet.length);
  bytes.set([type >> 8, type & 255], 12);
  bytes.set(packet, 14);
  return bytes;
}

function takes(way: "up" | "down", packet: Uint8Array, type?: number): boolean {
  const answer = runBpf(filters[way], framed(packet, type));
  expect([0, 0xffffffff]).toContain(answer);
  return answer !== 0;
}

const up = { src: client, dst: server }, down = { src: server, dst: client };
const up6 = { src: client6, dst: server6 }, down6 = { src: server6, dst: client6 };
const big = { ...up, payload: new Uint8Array(3000) };
const big6 = { ...up6, payload: new Uint8Array(3000) };

function withType(packet: Uint8Array, type: number): Uint8Array {
  packet[packet[0]! >> 4 === 4 ? 20 : 40] = type;
  fillChecksums(packet);
  return packet;
}

/** An IPv4 header that is longer, by options of no operation. */
function withOptions(packet: Uint8Array, words: number): Uint8Array {
  const longer = new Uint8Array(packet.length + words * 4).fill(1);
  longer.set(packet.subarray(0, 20));
  longer.set(packet.subarray(20), 20 + words * 4);
  longer[0] = 0x40 | (5 + words);
  return longer;
}

test.each<[string, Uint8Array, "up" | "down" | null]>([
  ["UDP to the server", buildUdp4({ ...up, ...ports }), "up"],
  ["UDP from the server", buildUdp4({ ...down, ...ports }), "down"],
  ["TCP to the server", buildTcp4({ ...up, ...ports, flags: "S" }), "up"],
  ["TCP from the server", buildTcp4({ ...down, ...ports, flags: "S" }), "down"],
  ["an echo request", buildIcmpEcho4({ ...up, payload: new Uint8Array(8) }), "up"],
  ["an echo reply", buildIcmpEcho4({ ...down, reply: true, payload: new Uint8Array(8) }), "down"],
  ["a first fragment", fragment4(buildIcmpEcho4(big), 1500)[0]!, "up"],
  ["a later fragment", fragment4(buildIcmpEcho4(big), 1500)[1]!, "up"],
  [
    "an echo behind options",
    withOptions(buildIcmpEcho4({ ...up, payload: new Uint8Array(8) }), 3),
    "up",
  ],
  [
    "an ICMP error behind options",
    withOptions(withType(buildIcmpEcho4({ ...up, payload: new Uint8Array(8) }), 3), 3),
    null,
  ],
  ["an ICMP error", withType(buildIcmpEcho4({ ...up, payload: new Uint8Array(8) }), 3), null],
  ["UDP from another network", buildUdp4({ src: "10.78.0.3", dst: server, ...ports }), null],
  ["UDP to another server", buildUdp4({ src: client, dst: "10.77.0.4", ...ports }), null],
  ["UDP to another network", buildUdp4({ src: server, dst: "127.0.0.11", ...ports }), null],
  ["UDP to all of the network", buildUdp4({ src: server, dst: "10.77.0.255", ...ports }), null],
  ["UDP to all", buildUdp4({ src: server, dst: "255.255.255.255", ...ports }), null],
  ["multicast", buildUdp4({ src: client, dst: "224.0.0.251", ...ports }), null],
  ["UDP6 to the server", buildUdp6({ ...up6, ...ports }), "up"],
  ["UDP6 from the server", buildUdp6({ ...down6, ...ports }), "down"],
  ["TCP6 to the server", buildTcp6({ ...up6, ...ports, flags: "S" }), "up"],
  ["an echo6 request", buildIcmpEcho6({ ...up6, payload: new Uint8Array(8) }), "up"],
  ["an echo6 reply", buildIcmpEcho6({ ...down6, reply: true, payload: new Uint8Array(8) }), "down"],
  ["a first fragment6", fragment6(buildIcmpEcho6(big6), 1500, 7)[0]!, "up"],
  ["a later fragment6", fragment6(buildIcmpEcho6(big6), 1500, 7)[1]!, "up"],
  [
    "a neighbour's solicitation",
    withType(buildIcmpEcho6({ ...up6, payload: new Uint8Array(16) }), 135),
    null,
  ],
  ["an ICMPv6 error", withType(buildIcmpEcho6({ ...up6, payload: new Uint8Array(16) }), 1), null],
  ["UDP6 from link-local", buildUdp6({ src: "fe80::3", dst: server6, ...ports }), null],
  ["UDP6 from another network", buildUdp6({ src: "fd00:78::3", dst: server6, ...ports }), null],
  ["multicast6", buildUdp6({ src: server6, dst: "ff02::fb", ...ports }), null],
])("labFilter(): %s", (_, packet, way) => {
  expect({ up: takes("up", packet), down: takes("down", packet) })
    .toEqual({ up: way === "up", down: way === "down" });
});

test("labFilter() takes nothing by its bytes where Ethernet says that it is no IP", () => {
  const packet = buildUdp4({ ...up, ...ports });
  expect(takes("up", packet, 0x0806)).toBe(false);
  expect(takes("up", packet, 0x86dd)).toBe(false);
});

test("labFilter() takes no IPv6 where the server has no address of it", () => {
  const { six: _, ...four } = on;
  expect(runBpf(labFilter(four, "up"), framed(buildUdp6({ ...up6, ...ports })))).toBe(0);
  expect(runBpf(labFilter(four, "up"), framed(buildUdp4({ ...up, ...ports })))).toBe(0xffffffff);
});

test.each([8, 16, 20, 24, 25, 30, 31, 32])(
  "labFilter() takes clients of a network of %i bits",
  (prefix) => {
    const filter = labFilter({ ...on, prefix }, "up");
    const from = (src: string) =>
      runBpf(filter, framed(buildUdp4({ src, dst: server, ...ports }))) !== 0;
    // The server's own bits but for the last one of the network, and but for the first one behind it.
    const flipped = (bit: number) =>
      parseAddress(server).map((byte, i) => i === bit >> 3 ? byte ^ (0x80 >> (bit & 7)) : byte)
        .join(".");
    expect(from(flipped(prefix - 1))).toBe(false);
    if (prefix < 32) expect(from(flipped(prefix))).toBe(true);
  },
);

test.each([8, 32, 48, 60, 64, 65, 96, 127, 128])(
  "labFilter() takes IPv6 clients of a network of %i bits",
  (prefix) => {
    const filter = labFilter({ ...on, six: { ...on.six, prefix } }, "up");
    const packet = buildUdp6({ src: server6, dst: server6, ...ports });
    const from = (bit: number) => {
      const changed = packet.slice();
      changed[8 + (bit >> 3)]! ^= 0x80 >> (bit & 7);
      return runBpf(filter, framed(changed)) !== 0;
    };
    expect(from(prefix - 1)).toBe(false);
    if (prefix < 128) expect(from(prefix)).toBe(true);
  },
);

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
/** Extension headers, none cut short; at most as many as the filter looks behind. */
const extensions = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom(0, 43, 60), fc.nat(3), fc.nat(255)).chain(([type, units, filler]) =>
      fc.constant({ type, bytes: new Uint8Array(8 + 8 * units).fill(filler).fill(units, 1, 2) })
    ),
    fc.tuple(fc.constantFrom(0, 0, 1, 6, 7, 8, 1480, 0xfff8), bytes(8)).map(([offset, raw]) => {
      raw[2] = offset >> 8;
      raw[3] = offset & 255;
      return { type: 44, bytes: raw };
    }),
  ),
  { maxLength: 6 },
);
const last = fc.oneof(fc.constantFrom(6, 17, 58, 1, 0, 44, 59, 60), fc.nat(255));
const body = fc.tuple(
  fc.oneof(fc.constantFrom(0, 8, 3, 128, 129, 135), fc.nat(255)),
  fc.uint8Array({ maxLength: 24 }),
).map(([type, rest]) => Uint8Array.from([type, ...rest]));

const sixPacket = fc.record({ extensions, last, body, way: fc.constantFrom(up6, down6) })
  .filter(({ extensions, last }) => extensions.length < 6 || ![0, 43, 44, 60].includes(last))
  .map(({ extensions, last, body, way }) => {
    const packet = buildUdp6({ ...way, ...ports }).slice(0, 40);
    const types = [...extensions.map(({ type }) => type), last];
    packet[6] = types[0]!;
    const behind = extensions.map(({ bytes }, i) => {
      const copy = bytes.slice();
      copy[0] = types[i + 1]!;
      return [...copy];
    });
    return Uint8Array.from([...packet, ...behind.flat(), ...body]);
  });

const fourPacket = fc.record({
  protocol: fc.oneof(fc.constantFrom(1, 6, 17), fc.nat(255)),
  offset: fc.oneof(fc.constantFrom(0, 0x2000, 0x4000, 1, 0x1fff), fc.nat(0xffff)),
  words: fc.nat(10),
  body,
  way: fc.constantFrom(up, down),
}).map(({ protocol, offset, words, body, way }) => {
  const header = buildUdp4({ ...way, ...ports }).slice(0, 20);
  header[9] = protocol;
  header[6] = offset >> 8;
  header[7] = offset & 255;
  return withOptions(Uint8Array.from([...header, ...body]), words);
});

test("labFilter() takes what Frame.meetsModel() has for the lab's own, whatever is in the packet", () => {
  let met = 0;
  fc.assert(
    fc.property(
      fc.oneof(fourPacket, sixPacket),
      fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: 1 }),
      (whole, share) => {
        // Cut short anywhere behind the addresses.
        const least = whole[0]! >> 4 === 4 ? 20 : 40;
        const packet = whole.subarray(0, least + Math.round((whole.length - least) * share));
        const meets = frame.meetsModel(packet, packet.length);
        if (meets) met++;
        const way = frame.isFromServer(packet) ? "down" : "up";
        expect(takes(way, packet)).toBe(meets);
        expect(takes(way === "up" ? "down" : "up", packet)).toBe(false);
      },
    ),
    { seed: 51, numRuns: 20_000 },
  );
  expect(met).toBeGreaterThan(2000);
});

test("labFilter() takes no arbitrary bytes that Frame.meetsModel() would not", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom("up", "down"), (raw, way) => {
      const program = filters[way as "up" | "down"];
      if (runBpf(program, raw) !== 0) {
        expect(frame.meetsModel(raw.subarray(14), raw.length - 14)).toBe(true);
      }
    }),
    { seed: 52, numRuns: 3000 },
  );
});

test("labFilterText() is short enough for the kernel, and says its own length", () => {
  for (const way of ["up", "down"] as const) {
    const [count, ...rest] = labFilterText(on, way).split(",");
    expect(rest).toHaveLength(Number(count));
    expect(rest.length).toBeLessThan(4096);
    expect(rest.every((line) => /^\d+ \d+ \d+ \d+$/.test(line))).toBe(true);
  }
});
