/**
 * Neighbour discovery beside the link: hosts find each other over IPv6 whatever the link does, and it counts none of it.
 */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { clientAddress6, serverAddress6, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
const nothing = { profile: "loss 100%", script: "" };
type Place = "server" | "client";
const addresses = { server: serverAddress6, client: clientAddress6 };
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start({ six: true });
});
afterAll(async () => await stage?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await stage.link.begin(wire, wire);
  for (const place of ["server", "client"] as const) {
    await stage.run(place, "ip", "-6", "neigh", "flush", "dev", "eth0");
  }
});

const ping = (place: Place, ...args: string[]) => {
  const other = place === "server" ? "client" : "server";
  return stage.run(place, "ping", "-6", ...args, addresses[other]);
};
const neighbour = async (place: Place, of: Place) =>
  (await stage.run(place, "ip", "-6", "neigh", "show", addresses[of])).stdout;

/** A counter of the kernel's for all that came in at a place. */
async function received(place: Place, what: string): Promise<number> {
  const { stdout } = await stage.run(place, "cat", "/proc/net/snmp6");
  return Number(new RegExp(`^Icmp6In${what}\\s+(\\d+)`, "m").exec(stdout)![1]);
}

/** Asks by unicast, from one global address to the other. */
async function probe(place: Place, other: Place): Promise<unknown> {
  const script = new URL("./neighbour_probe.ts", import.meta.url).pathname;
  const argv = [Deno.execPath(), "run", "-A", "--no-config", script];
  const said = await stage.run(place, ...argv, addresses[place], addresses[other]);
  expect(said.stderr).toBe("");
  return JSON.parse(said.stdout);
}

test("a client finds the server though every packet is lost, and the link counts the echo alone", async () => {
  await stage.link.set({ up: nothing, down: nothing });
  expect((await ping("client", "-c1", "-W0.3")).stdout).toMatch(/0 received/);
  expect(await neighbour("client", "server")).toMatch(/lladdr/);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 1, lost: 1 }, down: { seen: 0 } });
});

test("the server finds a client though nothing comes up: the advertisement to its global address is no packet of the lab's", async () => {
  await stage.link.set({ up: nothing });
  expect((await ping("server", "-c1", "-W0.3")).stdout).toMatch(/0 received/);
  expect(await neighbour("server", "client")).toMatch(/lladdr .*REACHABLE/);
  // The echo's answer is all that came up.
  expect(await stage.link.end()).toMatchObject({ up: { seen: 1, lost: 1 }, down: { seen: 1 } });
});

test.each([["client", "server"], ["server", "client"]] as const)(
  "a solicitation of the %s's by unicast to the global address of the %s is answered though every packet is lost",
  async (asking, asked) => {
    await stage.link.set({ up: nothing, down: nothing });
    expect(await probe(asking, asked)).toEqual({ target: addresses[asked], solicited: true });
    expect(await stage.link.end()).toMatchObject({ up: { seen: 0 }, down: { seen: 0 } });
  },
);

test("entries that expire are confirmed under 100 % loss, again and again, and none of it is counted", async () => {
  const brief = `cd /proc/sys/net/ipv6/neigh/eth0
    echo 100 > base_reachable_time_ms; echo 50 > retrans_time_ms; echo 0 > delay_first_probe_time`;
  for (const place of ["server", "client"] as const) await stage.run(place, "sh", "-c", brief);
  const before = await received("server", "NeighborSolicits");
  await stage.link.set({ up: nothing, down: nothing });
  const { stdout } = await ping("client", "-c30", "-i0.1", "-W0.3");
  expect(stdout).toMatch(/30 packets transmitted, 0 received/);
  expect(await neighbour("client", "server")).toMatch(/lladdr/);
  // They did expire: one solicitation would have done otherwise.
  expect(await received("server", "NeighborSolicits") - before).toBeGreaterThan(3);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 30, lost: 30 }, down: { seen: 0 } });
});

test("the link's own device says nothing of its own that would count", async () => {
  const { stdout } = await stage.run("server", "ip", "-6", "address", "show", "dev", "link0");
  expect(stdout).toBe("");
  expect(await stage.link.end()).toMatchObject({ up: { seen: 0 }, down: { seen: 0 } });
});
