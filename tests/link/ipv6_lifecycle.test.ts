/**
 * IPv6 found or not found in the server's namespace: what the link needs of it, changes, and leaves alone.
 */
import { afterEach, expect, test, vi } from "vitest";
import { connectLink } from "../../src/link/mod.ts";
import {
  clientAddress6,
  serverAddress,
  serverAddress6,
  Stage,
  type StageOptions,
} from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const wire = { profile: "", script: "" };
let stage: Stage | undefined;

afterEach(async () => {
  await stage?.[Symbol.asyncDispose]();
  stage = undefined;
});

async function start(options: StageOptions = {}): Promise<Stage> {
  return stage = await Stage.start(options);
}

const read = async (on: Stage, path: string) =>
  (await on.run("server", "cat", `/proc/sys/net/${path}`)).stdout;
const rules6 = async (on: Stage) =>
  (await on.run("server", "ip", "-6", "rule")).stdout.replaceAll("\t", " ");
const asEver = "0: from all lookup local\n32766: from all lookup main";

/** Packets of both families pass, through the model. */
async function carriesBoth(on: Stage, link = on.link): Promise<void> {
  await link.begin(wire, wire);
  expect(await on.pings(serverAddress)).toBe(2);
  expect(await on.pings(serverAddress6)).toBe(2);
  expect(await link.end()).toMatchObject({ up: { seen: 4 }, down: { seen: 4 } });
}

test.each([["in a user namespace", true], ["as whoever runs the tests", undefined]])(
  "a link carries both families %s",
  async (_, rootless) => {
    await carriesBoth(await start({ six: true, rootless }));
  },
);

test("IPv6 switched off, as the local engine has it, changes nothing: no rule, no switch, no address told", async () => {
  const on = await start();
  expect(await rules6(on)).toBe(asEver);
  expect(await read(on, "ipv6/conf/all/forwarding")).toBe("0");
  expect(await read(on, "ipv6/conf/default/disable_ipv6")).toBe("1");
  expect(await on.link.show()).not.toHaveProperty("server6");
  await on.link.begin(wire, wire);
  expect(await on.pings(serverAddress)).toBe(2);
  expect(await on.link.end()).toMatchObject({ up: { seen: 2 }, down: { seen: 2 } });
});

test("with link-local addresses alone it changes nothing either, and what the kernel says by itself is not counted", async () => {
  const before = "for one in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 0 > $one; done";
  const on = await start({ before });
  expect(await rules6(on)).toBe(asEver);
  expect(await read(on, "ipv6/conf/all/forwarding")).toBe("0");
  await on.link.begin(wire, wire);
  expect(await on.pings(serverAddress)).toBe(2);
  expect(await on.link.end()).toMatchObject({ up: { seen: 2 }, down: { seen: 2 } });
});

test("an address still checked for duplicates is waited for", async () => {
  const before = `ip -6 addr flush dev eth0
    ip addr add ${serverAddress6}/64 dev eth0; ip -6 -o addr show dev eth0 tentative >&2`;
  await carriesBoth(await start({ six: true, before }));
});

test("a link starts where a killed one left its rules, and packets meet one model only", async () => {
  const on = await start({ six: true, bare: true });
  for (const signal of ["SIGKILL", "SIGTERM", "SIGKILL"] as const) {
    await using link = await on.startLink();
    expect(link.line).toMatch(/"ready":true/);
    expect((await rules6(on)).split("\n")).toHaveLength(9);
    using client = await connectLink(on.control);
    await carriesBoth(on, client);
    await link.end(signal);
    // It fails open: the wire goes on without its model, and hosts still find each other.
    await on.run("server", "ip", "-6", "neigh", "flush", "dev", "eth0");
    expect(await on.pings(serverAddress6)).toBe(2);
  }
});

/** As in a container: /proc/sys is read-only, set beforehand as its `sysctls` say. */
const container = (...settings: string[]) =>
  [
    "net/ipv4/ip_forward=1",
    "net/ipv4/ip_early_demux=0",
    "net/ipv4/conf/all/rp_filter=2",
    "net/ipv4/conf/default/rp_filter=2",
    "net/ipv4/conf/eth0/rp_filter=2",
    ...settings,
  ].map((setting) =>
    `echo ${setting.replace(/.*=/, "")} > /proc/sys/${setting.replace(/=.*/, "")};`
  )
    .join(" ") + " mount --bind /proc/sys /proc/sys; mount -o remount,bind,ro /proc/sys";

test("in a container three switches more let it carry IPv6", async () => {
  const before = container(
    "net/ipv6/conf/all/disable_ipv6=0",
    "net/ipv6/conf/all/forwarding=1",
    "net/ipv6/conf/all/proxy_ndp=1",
  );
  await carriesBoth(await start({ six: true, before }));
});

test("without IPv6 a container needs none of them", async () => {
  const on = await start({ before: container() });
  expect(await on.pings(serverAddress)).toBe(2);
});

test.each([
  [["net/ipv6/conf/all/proxy_ndp=1"], "net.ipv6.conf.all.forwarding=1"],
  [["net/ipv6/conf/all/forwarding=1"], "net.ipv6.conf.all.proxy_ndp=1"],
  [
    ["net/ipv6/conf/all/forwarding=1", "net/ipv6/conf/default/disable_ipv6=1"],
    "net.ipv6.conf.default.disable_ipv6=0",
  ],
])("with %j alone the line says which switch is missing", async (settings, missing) => {
  const starting = start({ six: true, before: container(...settings) });
  await expect(starting).rejects.toThrow(`Set ${missing} for the link`);
});

test("addresses and routes that were there stay when the namespace begins to forward", async () => {
  const before = "ip -6 route add default via fd00:77::1 dev eth0";
  const on = await start({ six: true, before });
  const routes = (await on.run("server", "ip", "-6", "route")).stdout;
  expect(routes).toMatch(/^default via fd00:77::1 dev eth0/m);
  expect(routes).toMatch(/^fd00:77::\/64 dev eth0/m);
  await carriesBoth(on);
});

test.each([1280, 1400])(
  "on a cable of MTU %i fragments and segments are those of the cable",
  async (mtu) => {
    const before = `ip link set eth0 mtu ${mtu}; ip -n c link set eth0 mtu ${mtu}`;
    const on = await start({ six: true, before });
    const server = await on.peer("server"), client = await on.peer("client");
    await on.link.begin(wire, wire);
    await server.udp(12000, { host: serverAddress6, echo: true });
    await client.udp(40000, { host: clientAddress6 });
    await client.send({ host: serverAddress6, port: 12000 }, { first: 1, size: 3000 });
    expect(await client.received(1)).toMatchObject([{ n: 1, size: 3000, intact: true }]);
    const fragments = Math.ceil(3008 / ((mtu - 48) & ~7));
    expect(await on.link.end()).toMatchObject({
      up: { seen: fragments },
      down: { seen: fragments },
    });
    await on.link.begin(wire, wire);
    await server.sink(50000, "::");
    const sent = await client.stream({ host: serverAddress6, port: 50000 }, 1_000_000);
    expect(sent.remote).toBe(sent.sha256);
    // 40 bytes of each are IPv6's, 20 TCP's, 12 its time stamps.
    const { up } = await on.link.end();
    expect(up.seen).toBeGreaterThanOrEqual(Math.ceil(1_000_000 / (mtu - 72)));
  },
);
