import { expect, test } from "vitest";
import { otherLink } from "./other_link.ts";

const devices = (...names: string[]) =>
  [
    "Inter-|   Receive                                                |  Transmit",
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop",
    ...names.map((name) => `${name.padStart(6)}:    4096      42    0    0    0     0          0`),
    "",
  ].join("\n");
const sockets = (...protocols: string[]) =>
  [
    "sk               RefCnt Type Proto  Iface R Rmem   User   Inode",
    ...protocols.map((protocol) =>
      `0000000000000000 3      3    ${protocol}   7     1 0      0      8`
    ),
    "",
  ].join("\n");

test("a namespace that no link has touched holds none", () => {
  expect(otherLink(devices("lo", "eth0"), sockets("0003"))).toBeNull();
});

test("a tun device is a living link's, for it goes with it", () => {
  expect(otherLink(devices("lo", "link0"), sockets())).toEqual({ holds: "link0" });
});

test("queues are a living link's where its sockets are bound, and else a killed one's", () => {
  const queues = devices("lo", "eth0", "link-up-0", "link-up-1");
  expect(otherLink(queues, sockets("0003", "88b5"))).toEqual({ holds: "link-up-0" });
  expect(otherLink(queues, sockets("0003"))).toBe("killed");
});
