import * as fc from "fast-check";
import { expect, test } from "vitest";
import { linkMark, networkOf, routeCommands, routeCommands6, tunDevice } from "./routes.ts";

const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1400 };
const both = { ...on, six: { address: "fd00:77::2", prefix: 64 } };

test.each([
  ["10.77.0.2", 24, "10.77.0.0/24"],
  ["192.168.255.254", 16, "192.168.0.0/16"],
  ["172.20.5.77", 29, "172.20.5.72/29"],
  ["255.255.255.255", 32, "255.255.255.255/32"],
  ["10.1.2.3", 0, "0.0.0.0/0"],
  ["fd00:77::2", 64, "fd00:77::/64"],
  ["fd12:3456:789a:bcde::ffff", 48, "fd12:3456:789a::/48"],
  ["fd00::1f", 124, "fd00::10/124"],
  ["fd00::2", 128, "fd00::2/128"],
  ["fd00::2", 0, "::/0"],
])("networkOf(%s, %i) is %s", (address, prefix, network) => {
  expect(networkOf(address, prefix)).toBe(network);
});

test("networkOf() keeps the bits of the prefix and clears all others", () => {
  const byte = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.tuple(byte, byte, byte, byte), fc.integer({ min: 0, max: 32 }), (ip, prefix) => {
      const bits = (parts: number[]) => parts.map((b) => b.toString(2).padStart(8, "0")).join("");
      const [network, length] = networkOf(ip.join("."), prefix).split("/");
      expect(Number(length)).toBe(prefix);
      expect(bits(network!.split(".").map(Number)))
        .toBe(bits(ip).slice(0, prefix).padEnd(32, "0"));
    }),
    { seed: 41, numRuns: 300 },
  );
});

/** Rules as `ip rule` keeps them: several of one preference are deleted one at a time, in order. */
class Rules {
  list: { pref: number; text: string }[] = [
    // The kernel does not take an equal one of ours for the same rule.
    { pref: 0, text: "lookup local proto kernel" },
    { pref: 32766, text: "lookup main" },
  ];
  /** Whether at every moment something leads to the local table, without which the namespace is deaf. */
  alwaysLocal = true;

  /** Runs batch lines that concern rules; returns those that failed. */
  run(lines: string[]): string[] {
    const failed = lines.filter((line) => {
      const [, verb, pref, text] = /^rule (add|del) pref (\d+) ?(.*)$/.exec(line) ?? [];
      if (verb === undefined) return false;
      return verb === "add" ? !this.add(Number(pref), text!) : !this.delete(Number(pref));
    });
    return failed;
  }
  private add(pref: number, text: string): boolean {
    if (this.list.some((rule) => rule.pref === pref && rule.text === text)) return false;
    this.list.push({ pref, text });
    return true;
  }
  private delete(pref: number): boolean {
    const at = this.list.findIndex((rule) => rule.pref === pref);
    if (at >= 0) this.list.splice(at, 1);
    this.alwaysLocal &&= this.list.some((rule) => rule.text.startsWith("lookup local"));
    return at >= 0;
  }
  get text(): string {
    return this.list.map((rule) => `${rule.pref}: ${rule.text}`).sort().join("\n");
  }
}

test.each([
  ["routeCommands()", routeCommands(on)],
  ["routeCommands6()", routeCommands6(both)!],
])(
  "%s ends in the same rules on a fresh namespace, and on one where a killed link left any part of them",
  (_, commands) => {
    const { clear, set } = commands;
    const fresh = new Rules();
    fresh.run(clear);
    expect(fresh.run(set)).toEqual([]);
    expect(fresh.list.filter(({ text }) => text.startsWith("lookup local"))).toHaveLength(1);
    for (let done = 0; done <= set.length; done++) {
      const rules = new Rules();
      rules.run(clear);
      rules.run(set.slice(0, done));
      rules.run(clear);
      expect(rules.run(set), `after ${done} lines of an earlier link`).toEqual([]);
      expect(rules.text).toBe(fresh.text);
      expect(rules.alwaysLocal).toBe(true);
    }
  },
);

test.each([
  ["routeCommands()", routeCommands(both), [17, 6, 1], "10.77.0.0/24", "10.77.0.2"],
  ["routeCommands6()", routeCommands6(both)!, [17, 6, 58], "fd00:77::/64", "fd00:77::2"],
])(
  "%s leads TCP, UDP and ICMP of the lab's network only, both ways",
  (_, { set }, protocols, network, address) => {
    for (const protocol of protocols) {
      const rules = set.filter((line) => line.includes(`ipproto ${protocol} `));
      expect(rules).toHaveLength(2);
      expect(rules[0]).toContain(`iif eth0 from ${network} to ${address} `);
      expect(rules[1]).toContain(`iif lo to ${network} `);
    }
  },
);

test("routeCommands6() is null without an IPv6 address, and routeCommands() then says nothing of IPv6", () => {
  expect(routeCommands6(on)).toBeNull();
  expect(routeCommands(on).set.join("\n")).not.toMatch(/addrgenmode|:/);
});

test("with an IPv6 address the device is kept from making one of its own, before it is up", () => {
  const [first, second] = routeCommands(both).set;
  expect([first, second]).toEqual([
    `link set ${tunDevice} addrgenmode none`,
    expect.stringContaining(`link set ${tunDevice} up`),
  ]);
});

test("routeCommands6() has the kernel take neighbour discovery for itself before packets are led away", () => {
  const { set } = routeCommands6(both)!;
  expect(set[0]).toBe("neigh replace proxy fd00:77::2 dev eth0");
});

test("routeCommands() gives the device the interface's MTU, so that fragments are the same with and without the link", () => {
  expect(routeCommands(on).set[0]).toMatch(new RegExp(`^link set ${tunDevice} up mtu 1400 `));
});

test("routeCommands() lets the link's own packets pass by its mark, before any other rule", () => {
  const marked = routeCommands(on).set.find((line) => line.includes(`fwmark ${linkMark}`));
  const preferences = routeCommands(on).set.flatMap((line) =>
    /^rule add pref (\d+)/.exec(line)?.[1] ?? []
  ).map(Number);
  expect(Number(/pref (\d+)/.exec(marked!)![1])).toBe(Math.min(...preferences));
});
