import { expect, test } from "vitest";
import { parseProcNet, timeWaitsIn } from "./proc_net.ts";

const HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n";

test("parseProcNet() reads addresses, state and queues", () => {
  const text = HEAD +
    "   0: 0200000A:C350 0300000A:A27B 01 0000000A:00000005 01:00000014 00000000     0        0 1\n";
  expect(parseProcNet(text)).toEqual([{
    local: "10.0.0.2:50000",
    remote: "10.0.0.3:41595",
    state: 1,
    sent: 10,
    unread: 5,
  }]);
});

test("parseProcNet() tells an address of IPv4 in one of IPv6 as that", () => {
  const text = HEAD +
    "   0: 0000000000000000FFFF00000200000A:C350 00000000000000000000000000000000:0000 0A 00000000:00000000 00:0 0\n";
  expect(parseProcNet(text)[0]).toMatchObject({
    local: "10.0.0.2:50000",
    remote: "[0:0:0:0:0:0:0:0]:0",
    state: 10,
  });
});

test("timeWaitsIn() finds the count of TIME-WAIT in what the kernel sums up", () => {
  const text = `sockets: used 349
TCP: inuse 2 orphan 0 tw 28232 alloc 29 mem 28
UDP: inuse 0 mem 0
`;
  expect(timeWaitsIn(text)).toBe(28232);
  expect(timeWaitsIn("sockets: used 0\n")).toBe(0);
});
