import { expect, test } from "vitest";
import type { PacketEvent } from "../packet/mod.ts";
import { ladderOf } from "./evidence.ts";

const client = "10.77.0.3:40000", server = "10.77.0.2:12000";

/** A server's datagram number `n`, a tenth of a millisecond after the one before. */
function datagram(n: number): PacketEvent {
  return {
    ...{ v: 1, ev: "packet", n, dir: "down", t_us: n * 100, src: server, dst: client },
    ...{ proto: "udp", len: 60, udp: { len: 32 }, fate: "delivered" },
    copies: [{ at_us: n * 100 + 50, corrupted: false }],
  };
}

test("ladderOf() shows the ends of a flood, and says how many packets lie between", () => {
  const flood = Array.from({ length: 100_000 }, (_, i) => datagram(i + 1));
  const lines = ladderOf(flood, client);
  expect(lines.length).toBeLessThan(30);
  expect(lines.join("\n")).toContain("99986 more");
  expect(ladderOf(flood.slice(0, 3), client).join("\n")).not.toContain("more");
});
