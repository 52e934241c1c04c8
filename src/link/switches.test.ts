import { expect, test } from "vitest";
import { requiredSwitches } from "./switches.ts";

const on = { device: "eth7", address: "10.77.0.2", prefix: 24, mtu: 1500 };
const six = { address: "fd00:77::2", prefix: 64 };

test("requiredSwitches() sets rp_filter for all, for new devices and for the interface, and takes 2 as right", () => {
  const filters = requiredSwitches(on).filter((one) => one.path.endsWith("/rp_filter"));
  expect(filters.map((one) => one.path.split("/").at(-2))).toEqual(["all", "default", "eth7"]);
  for (const one of filters) {
    expect(one.accepted).toContain("2");
    expect(one.accepted).not.toContain("1");
  }
});

test("requiredSwitches() asks for none of IPv6 where the interface has no address of it", () => {
  expect(requiredSwitches(on).filter((one) => one.path.includes("ipv6"))).toEqual([]);
});

test("requiredSwitches() asks for those of IPv6 beside the others where it has one", () => {
  const all = requiredSwitches({ ...on, six }).map((one) => `${one.path}=${one.value}`);
  expect(all).toEqual([
    ...requiredSwitches(on).map((one) => `${one.path}=${one.value}`),
    "net/ipv6/conf/default/disable_ipv6=0",
    "net/ipv6/conf/all/forwarding=1",
    "net/ipv6/conf/all/proxy_ndp=1",
  ]);
});
