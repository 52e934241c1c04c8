/**
 * IPv6 through the link: the same wire as IPv4, and one stream of packets with it.
 */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { LinkEvent, PacketEvent } from "../../src/packet/mod.ts";
import { until } from "./poll.ts";
import type { Peer } from "./peer_client.ts";
import { clientAddress, clientAddress6, serverAddress, serverAddress6, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
const toServer = { host: serverAddress6, port: 12000 };
const toServer4 = { host: serverAddress, port: 12000 };
let stage: Stage, server: Peer, client: Peer, server4: Peer, client4: Peer;

beforeAll(async () => {
  stage = await Stage.start({ six: true });
  [server, client, server4, client4] = await Promise.all(
    (["server", "client", "server", "client"] as const).map((place) => stage.peer(place)),
  ) as [Peer, Peer, Peer, Peer];
  await server.udp(12000, { host: serverAddress6, echo: true });
  await client.udp(40000, { host: clientAddress6 });
  await server4.udp(12000, { echo: true });
  await client4.udp(40000);
});
afterAll(async () => await stage?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await stage.link.begin(wire, wire);
  // Behind these answers nothing of the test before is under way any more.
  for (const [peer, to] of [[client, toServer], [client4, toServer4]] as const) {
    await peer.send(to, { first: 4_000_000 });
    await until(() => peer.received(0, 0), (all) => all.some(({ n }) => n === 4_000_000));
  }
  await stage.link.begin(wire, wire);
  await Promise.all([server, client, server4, client4].map((peer) => peer.forget()));
});

const ping = (...args: string[]) =>
  stage.run("client", "ping", "-6", "-W5", ...args, serverAddress6);

/** The packets of the run from here to its end. */
async function recordedPackets(): Promise<() => Promise<PacketEvent[]>> {
  const stream = await stage.link.events();
  const all = (async () => {
    const events: LinkEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (event.ev === "end") break;
    }
    return events.filter((event) => event.ev === "packet");
  })();
  return () => all;
}

test("the link names both of the server's addresses", async () => {
  expect(await stage.link.show()).toMatchObject({
    server: serverAddress,
    server6: serverAddress6,
  });
});

test("both families pass one model in order of arrival: one stream of numbers for each direction", async () => {
  const packets = await recordedPackets();
  await stage.link.set({ up: { profile: "", script: "lose 2,5" } });
  for (let n = 1; n <= 6; n++) {
    const [peer, to] = n % 2 === 1 ? [client4, toServer4] : [client, toServer];
    await peer.send(to, { first: n });
    await until(() => stage.link.show(), ({ up }) => up.counts.seen === n);
  }
  expect((await client4.received(2)).map(({ n }) => n)).toEqual([1, 3]);
  expect((await client.received(2)).map(({ n }) => n)).toEqual([4, 6]);
  await stage.link.end();
  const told = (await packets()).filter(({ dir }) => dir === "up").sort((a, b) => a.n - b.n);
  expect(told.map(({ n, src, fate }) => [n, src, fate])).toEqual([
    [1, `${clientAddress}:40000`, "delivered"],
    [2, `[${clientAddress6}]:40000`, "lost"],
    [3, `${clientAddress}:40000`, "delivered"],
    [4, `[${clientAddress6}]:40000`, "delivered"],
    [5, `${clientAddress}:40000`, "lost"],
    [6, `[${clientAddress6}]:40000`, "delivered"],
  ]);
  // IPv6 has no identification but of fragments.
  expect(told.map((event) => "ip_id" in event)).toEqual([true, false, true, false, true, false]);
});

test("the server sees the client's address and port, and the client the server's", async () => {
  await client.send(toServer, { first: 1 });
  const [answer] = await client.received(1);
  const [request] = await server.received(1);
  expect(request!.from).toBe(`[${clientAddress6}]:40000`);
  expect(answer!.from).toBe(`[${serverAddress6}]:12000`);
});

test("what the server sends by itself has the address that it would have without the link", async () => {
  const { stdout } = await stage.run("server", "ip", "-6", "route", "get", clientAddress6);
  expect(stdout).toContain(` src ${serverAddress6} `);
  const pinged = await stage.run("server", "ping", "-6", "-c1", "-W5", clientAddress6);
  expect(pinged.stdout).toMatch(/1 received/);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 1 }, down: { seen: 1 } });
});

test("ICMPv6 echo meets the model, both ways, and delays of both ways add up", async () => {
  await stage.link.set({
    up: { profile: "delay 50ms", script: "lose 2" },
    down: { profile: "delay 20ms", script: "lose 2" },
  });
  const packets = await recordedPackets();
  const { stdout } = await ping("-c4", "-i0.2", "-W1");
  const times = [...stdout.matchAll(/time=([\d.]+) ms/g)].map(([, ms]) => Number(ms));
  // The second request is lost; the second answer, to the third request, too.
  expect(times).toHaveLength(2);
  for (const time of times) expect(time).toBeGreaterThanOrEqual(70);
  expect(Math.min(...times)).toBeLessThan(100);
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 4, delivered: 3, lost: 1 });
  expect(down).toMatchObject({ seen: 3, delivered: 2, lost: 1 });
  const first = (await packets()).filter(({ n }) => n === 1);
  expect(first.map(({ dir, src, proto, icmp }) => [dir, src, proto, icmp!.type])).toEqual([
    ["up", clientAddress6, "icmp", 128],
    ["down", serverAddress6, "icmp", 129],
  ]);
});

test.each(["64", "2", "255"])("hop limit %s of the client arrives as it was sent", async (hops) => {
  const script = new URL("./time_to_live.ts", import.meta.url).pathname;
  const argv = [Deno.execPath(), "run", "-A", "--no-config", script, "12001", "6"];
  const [command, ...args] = stage.command("server", argv);
  const receiver = new Deno.Command(command!, { args, stdout: "piped" }).spawn();
  const output = new Response(receiver.stdout).text();
  const wanted = { proto: "udp", port: 12001, timeoutMs: 10_000 } as const;
  expect(await stage.link.awaitListening(wanted)).toMatchObject({ listening: true });
  const to = `UDP6-SENDTO:[${serverAddress6}]:12001,ipv6-unicast-hops=${hops}`;
  const sent = await stage.run("client", "sh", "-c", `echo hello | socat -u - ${to}`);
  expect(sent).toMatchObject({ code: 0, stderr: "" });
  await until(() => stage.link.show(), ({ up }) => up.counts.seen === 1);
  const received = JSON.parse((await output).trim().split("\n")[1]!);
  expect(received).toEqual({ ttl: Number(hops), from: clientAddress6 });
});

test("the server's hop limit reaches the client as it was sent", async () => {
  expect((await ping("-c1")).stdout).toMatch(/ ttl=64 /);
});

test("an ICMPv6 error passes the model untouched and uncounted: a closed port is reported though all else is lost", async () => {
  await stage.link.set({ down: { profile: "loss 100%", script: "" } });
  const line = `echo hello | socat -t5 - UDP6:[${serverAddress6}]:9`;
  const { stderr } = await stage.run("client", "sh", "-c", line);
  expect(stderr).toMatch(/Connection refused/);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 1 }, down: { seen: 0 } });
});

test.each([0, 1, 1452, 1453, 2888, 3000, 65_507])(
  "a datagram of %i bytes and its answer pass whole, each fragment counted",
  async (size) => {
    const packets = await recordedPackets();
    await client.send(toServer, { first: 7, size });
    const [answer] = await client.received(1);
    expect(answer).toMatchObject({ size, intact: true });
    const fragments = size + 8 <= 1460 ? 1 : Math.ceil((size + 8) / 1448);
    const { up, down } = await stage.link.end();
    expect(up).toMatchObject({ seen: fragments, delivered: fragments });
    expect(down).toMatchObject({ seen: fragments, delivered: fragments });
    const told = (await packets()).filter(({ dir }) => dir === "up");
    expect(told.map(({ fragment }) => fragment?.offset ?? 0))
      .toEqual(Array.from({ length: fragments }, (_, i) => i * 1448));
    if (fragments > 1) expect(new Set(told.map(({ ip_id }) => ip_id)).size).toBe(1);
  },
);

test("one lost fragment loses the whole datagram, and no other", async () => {
  await stage.link.set({ up: { profile: "", script: "lose 2" } });
  await client.send(toServer, { first: 1, size: 3000 });
  await client.send(toServer, { first: 2, size: 3000 });
  expect(await client.received(1)).toMatchObject([{ n: 2, size: 3000, intact: true }]);
  expect((await server.received(1)).map(({ n }) => n)).toEqual([2]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 6, delivered: 5, lost: 1 });
});

test("an echo in fragments passes whole", async () => {
  expect((await ping("-c1", "-s3000")).stdout).toMatch(/3008 bytes from/);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 3 }, down: { seen: 3 } });
});

test("a corrupted datagram fails its checksum, though its header is whole; so does each fragment's", async () => {
  await stage.link.set({ up: { profile: "corrupt 100% seed 3", script: "" } });
  await client.send(toServer, { first: 1, count: 50 });
  await client.send(toServer, { first: 51, size: 3000 });
  await until(() => stage.link.show(), ({ up }) => up.counts.delivered === 53);
  await stage.link.reset();
  await client.send(toServer, { first: 99 });
  expect((await server.received(1)).map(({ n }) => n)).toEqual([99]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 54, corrupted: 53, lost: 0 });
});

test("a duplicate arrives twice, and what overtakes comes first", async () => {
  await stage.link.set({ up: { profile: "", script: "duplicate 1; hold 2 until 3" } });
  await client.send(toServer, { first: 1, count: 4 });
  expect((await server.received(5)).map(({ n }) => n)).toEqual([1, 1, 3, 2, 4]);
});

test("rate 1mbit counts the longer header: 100 packets of 1,250 bytes pass in about a second", async () => {
  await stage.link.set({ up: { profile: "rate 1mbit", script: "" } });
  // 1,188 bytes of payload, 48 of headers and 14 of Ethernet's: 10 ms each.
  const started = performance.now();
  await client.send(toServer, { first: 1, count: 100, size: 1188 });
  expect(await server.received(100)).toHaveLength(100);
  const ms = performance.now() - started;
  expect(ms).toBeGreaterThanOrEqual(990);
  expect(ms).toBeLessThan(2000);
});

test("with ecn, a packet whose sender understands marks is marked instead of lost", async () => {
  await stage.link.begin({ profile: "loss 100% ecn", script: "" }, wire);
  for (const tclass of [0, 2]) {
    const to = `UDP6-SENDTO:[${serverAddress6}]:12000,ipv6-tclass=${tclass}`;
    await stage.run("client", "sh", "-c", `printf hello | socat -u - ${to}`);
  }
  expect(await server.received(1)).toMatchObject([{ size: 5 }]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 2, lost: 1, delivered: 1 });
});

test("await_listen counts the IPv6 address and :: for the server, and names another", async () => {
  const listener = await stage.peer("server");
  const ask = (port: number) => stage.link.awaitListening({ proto: "udp", port, timeoutMs: 0 });
  await listener.udp(13001, { host: serverAddress6 });
  expect((await ask(13001)).listening).toBe(true);
  await listener.udp(13002, { host: "::" });
  expect((await ask(13002)).listening).toBe(true);
  await listener.udp(13003, { host: "::1" });
  const { listening, sockets } = await ask(13003);
  expect(listening).toBe(false);
  expect(sockets).toContainEqual({ proto: "udp", address: "::1", port: 13003 });
});
