import { expect, test } from "vitest";
import { interfaceOf, type ListedInterface } from "./interface.ts";

const four = { family: "inet", local: "10.77.0.2", prefixlen: 24, scope: "global" };
const local = { family: "inet6", local: "fe80::1", prefixlen: 64, scope: "link" };
const six = { family: "inet6", local: "fd00:77::2", prefixlen: 64, scope: "global" };

function listing(...addr_info: NonNullable<ListedInterface["addr_info"]>): ListedInterface[] {
  // As ip prints it: an empty object for each interface that it was not asked for.
  return [{}, { mtu: 1400, addr_info }];
}

test("interfaceOf() takes the first IPv4 address, with its network and the MTU", () => {
  const second = { ...four, local: "10.77.0.9" };
  expect(interfaceOf("eth0", listing(four, second))).toEqual({
    on: { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1400 },
    tentative: false,
  });
});

test("interfaceOf() takes the IPv6 address beyond link-local beside it", () => {
  const both = interfaceOf("eth0", listing(four, local, six, { ...six, local: "fd00:77::9" }));
  expect(both?.on.six).toEqual({ address: "fd00:77::2", prefix: 64 });
});

test.each([
  ["link-local", local],
  ["found taken by a neighbour", { ...six, dadfailed: true }],
  ["deprecated", { ...six, deprecated: true }],
  ["temporary", { ...six, temporary: true }],
])("interfaceOf() knows no IPv6 where the only address is %s", (_, address) => {
  expect(interfaceOf("eth0", listing(four, address))?.on).not.toHaveProperty("six");
});

test("interfaceOf() says where the IPv6 address must not be used yet", () => {
  expect(interfaceOf("eth0", listing(four, { ...six, tentative: true }))?.tentative).toBe(true);
  expect(interfaceOf("eth0", listing(four, { ...local, tentative: true }))?.tentative).toBe(false);
});

test("interfaceOf() is null without an IPv4 address", () => {
  expect(interfaceOf("eth0", listing(six))).toBeNull();
  expect(interfaceOf("eth0", [])).toBeNull();
});
