/**
 * The link in front of real sockets: what it does to packets, seen from outside.
 */
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { until } from "./poll.ts";
import type { Peer } from "./peer_client.ts";
import { clientAddress, serverAddress, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
const toServer = { host: serverAddress, port: 12000 };
/** The number of a datagram that no test sends. */
const marker = 4_000_000;
let stage: Stage, server: Peer, client: Peer;

beforeAll(async () => {
  stage = await Stage.start();
  [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
  await server.udp(12000, { echo: true });
  await client.udp(40000);
  // Neighbours known, so that no test waits for ARP.
  await client.send(toServer, { first: 0 });
  await client.received(1);
});
afterAll(async () => await stage?.[Symbol.asyncDispose]());
beforeEach(async () => {
  await stage.link.begin(wire, wire);
  // Behind this one's answer nothing of the test before is under way any more: the wire and the server keep order.
  await client.send(toServer, { first: marker });
  await until(() => client.received(0, 0), (all) => all.some(({ n }) => n === marker));
  await stage.link.begin(wire, wire);
  await Promise.all([server.forget(), client.forget()]);
});

/** Pings once and returns ping's time in milliseconds. */
async function ping(...args: string[]): Promise<number> {
  const { stdout } = await stage.run("client", "ping", "-c1", "-W5", ...args, serverAddress);
  return Number(/time=([\d.]+) ms/.exec(stdout)?.[1] ?? NaN);
}

const quiet = () =>
  until(() => stage.link.show(), ({ up, down }) => up.queued === 0 && down.queued === 0);

test("a perfect wire is fast, and each direction counts what it carried", async () => {
  for (let n = 1; n <= 20; n++) {
    await client.send(toServer, { first: n });
    await client.received(n);
  }
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 20, delivered: 20, lost: 0 });
  expect(down).toMatchObject({ seen: 20, delivered: 20, lost: 0 });
});

test("delay up and delay down add up to the round trip, and neither delays the other way", async () => {
  await stage.link.set({
    up: { profile: "delay 50ms", script: "" },
    down: { profile: "delay 20ms", script: "" },
  });
  const times: number[] = [];
  for (let i = 0; i < 3; i++) times.push(await ping());
  for (const time of times) expect(time).toBeGreaterThanOrEqual(70);
  expect(Math.min(...times)).toBeLessThan(100);

  await stage.link.set({ down: wire });
  const oneWay = [await ping(), await ping(), await ping()];
  for (const time of oneWay) expect(time).toBeGreaterThanOrEqual(50);
  expect(Math.min(...oneWay)).toBeLessThan(70);
});

test("the server sees the client's address and port, and the client the server's", async () => {
  await client.send(toServer, { first: 1 });
  const [answer] = await client.received(1);
  const [request] = await server.received(1);
  expect(request!.from).toBe(`${clientAddress}:40000`);
  expect(answer!.from).toBe(`${serverAddress}:12000`);
});

test.each(["64", "2", "255"])(
  "time to live %s of the client arrives as it was sent",
  async (ttl) => {
    const script = new URL("./time_to_live.ts", import.meta.url).pathname;
    const argv = [Deno.execPath(), "run", "-A", "--no-config", script, "12001"];
    const [command, ...args] = stage.command("server", argv);
    const receiver = new Deno.Command(command!, { args, stdout: "piped" }).spawn();
    const output = new Response(receiver.stdout).text();
    const { listening } = await stage.link.awaitListening({
      proto: "udp",
      port: 12001,
      timeoutMs: 10_000,
    });
    expect(listening).toBe(true);
    const sent = await stage.run(
      "client",
      "sh",
      "-c",
      `echo hello | socat -u - UDP4-SENDTO:${serverAddress}:12001,ip-ttl=${ttl}`,
    );
    expect(sent).toMatchObject({ code: 0, stderr: "" });
    const passed = await until(() => stage.link.show(), ({ up }) => up.counts.seen === 1);
    expect(passed.up.counts).toMatchObject({ delivered: 1 });
    const received = JSON.parse((await output).trim().split("\n")[1]!);
    expect(received).toEqual({ ttl: Number(ttl), from: clientAddress });
  },
);

test("time to live 1 of the client ends at the link as at any router: not counted, and the client is told", async () => {
  const { stdout } = await stage.run("client", "ping", "-c1", "-t1", "-W5", serverAddress);
  expect(stdout).toContain(`From ${serverAddress} icmp_seq=1 Time to live exceeded`);
  expect((await stage.link.show()).up.counts).toMatchObject({ seen: 0 });
  // From the server it is one like any other.
  const { stdout: back } = await stage.run("server", "ping", "-c1", "-t1", "-W5", clientAddress);
  expect(back).toMatch(/1 received/);
});

test("the server's time to live reaches the client as it was sent", async () => {
  const { stdout } = await stage.run("client", "ping", "-c1", "-W5", serverAddress);
  expect(stdout).toMatch(/ ttl=64 /);
});

test("ICMP echo meets the model, both ways", async () => {
  await stage.link.set({
    up: { profile: "", script: "lose 2" },
    down: { profile: "", script: "lose 2" },
  });
  expect(await ping()).toBeLessThan(1000);
  const { stdout } = await stage.run(
    "client",
    ..."ping -c3 -i0.01 -W1".split(" "),
    serverAddress,
  );
  // The second request is lost; the second answer, to the third request, too.
  expect(stdout).toMatch(/3 packets transmitted, 1 received/);
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 4, delivered: 3, lost: 1 });
  expect(down).toMatchObject({ seen: 3, delivered: 2, lost: 1 });
});

test("an ICMP error passes the model untouched and uncounted: a closed port is reported though all else is lost", async () => {
  await stage.link.set({ down: { profile: "loss 100%", script: "" } });
  const { stderr } = await stage.run(
    "client",
    "sh",
    "-c",
    `echo hello | socat -t5 - UDP4:${serverAddress}:9`,
  );
  expect(stderr).toMatch(/Connection refused/);
  const { up, down } = await stage.link.end();
  expect(up.seen).toBe(1);
  expect(down.seen).toBe(0);
});

test("ARP is not counted and not lost", async () => {
  const all = { profile: "loss 100%", script: "" };
  await stage.link.set({ up: all, down: all });
  await stage.run("client", "ip", "neigh", "flush", "dev", "eth0");
  await stage.run("client", "ping", "-c1", "-W1", serverAddress);
  const { stdout } = await stage.run("client", "ip", "neigh", "show", serverAddress);
  expect(stdout).toMatch(/lladdr/);
  expect((await stage.link.end()).up.seen).toBe(1);
});

test("datagrams of 65,507 bytes pass whole in both directions, 45 fragments each way", async () => {
  await client.send(toServer, { first: 7, size: 65_507 });
  const [answer] = await client.received(1);
  const [request] = await server.received(1);
  expect(request).toMatchObject({ n: 7, size: 65_507, intact: true });
  expect(answer).toMatchObject({ n: 7, size: 65_507, intact: true });
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 45, delivered: 45 });
  expect(down).toMatchObject({ seen: 45, delivered: 45 });
});

test.each([0, 1, 1472, 1473, 2952, 2953])(
  "a datagram of %i bytes and its answer pass whole",
  async (size) => {
    await client.send(toServer, { first: 7, size });
    const [answer] = await client.received(1);
    expect(answer).toMatchObject({ size, intact: true });
    const fragments = Math.max(1, Math.ceil((size + 8) / 1480));
    expect((await stage.link.end()).up.seen).toBe(fragments);
  },
);

test("one lost fragment loses the whole datagram, and no other", async () => {
  await stage.link.set({ up: { profile: "", script: "lose 20" } });
  await client.send(toServer, { first: 1, size: 65_507 });
  await client.send(toServer, { first: 2, size: 65_507 });
  expect(await client.received(1)).toMatchObject([{ n: 2, size: 65_507, intact: true }]);
  expect((await server.received(1)).map(({ n }) => n)).toEqual([2]);
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 90, delivered: 89, lost: 1 });
  expect(down).toMatchObject({ seen: 45, delivered: 45 });
});

test("set() takes effect in the next packets, reset() takes it back", async () => {
  const answered = async (first: number) => {
    await client.send(toServer, { first });
    await quiet();
    return (await client.received(first, 1)).length;
  };
  await client.send(toServer, { first: 1 });
  await client.received(1);
  await stage.link.set({ up: { profile: "loss 100%", script: "" } });
  for (let n = 2; n <= 6; n++) expect(await answered(n)).toBe(1);
  const reset = await stage.link.reset();
  expect(reset.up).toMatchObject({ profile: "", counts: { seen: 6, lost: 5 } });
  await client.send(toServer, { first: 7 });
  expect((await client.received(2)).map(({ n }) => n)).toEqual([1, 7]);
});

test("set() leaves what is already under way on its way", async () => {
  await stage.link.set({ up: { profile: "delay 200ms", script: "" } });
  await client.send(toServer, { first: 1, count: 3 });
  await until(() => stage.link.show(), ({ up }) => up.queued === 3);
  await stage.link.reset();
  expect((await server.received(3)).map(({ n }) => n)).toEqual([1, 2, 3]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 3, delivered: 3 });
});

test("a full queue drops what comes, and says that it did", async () => {
  await stage.link.begin({ profile: "delay 300ms limit 10", script: "" }, wire);
  const ending = new AbortController();
  const events = await stage.link.events({ signal: ending.signal });
  await client.send(toServer, { first: 1, count: 15 });
  const full = await until(() => stage.link.show(), ({ up }) => up.counts.seen === 15);
  expect(full.up).toMatchObject({ queued: 10, counts: { lost: 5, dropped_full: 5 } });
  expect((await server.received(10)).map(({ n }) => n)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  await stage.link.end();
  const causes: (string | undefined)[] = [];
  for await (const event of events) {
    if (event.ev === "packet" && event.dir === "up") causes[event.n] = event.cause;
    if (event.ev === "end") break;
  }
  expect(causes.slice(11)).toEqual(Array(5).fill("limit"));
  expect(causes.slice(1, 11)).toEqual(Array(10).fill(undefined));
});

test("what is due takes up no room in the queue: a burst passes a limit shorter than itself", async () => {
  await stage.link.begin({ profile: "limit 3", script: "" }, { profile: "limit 3", script: "" });
  await client.send(toServer, { first: 1, size: 65_507 });
  expect(await client.received(1)).toMatchObject([{ n: 1, size: 65_507, intact: true }]);
  const { up, down } = await stage.link.end();
  expect(up).toMatchObject({ seen: 45, dropped_full: 0 });
  expect(down).toMatchObject({ seen: 45, dropped_full: 0 });
});

test("with ecn, a packet whose sender understands marks is marked instead of lost", async () => {
  await stage.link.begin({ profile: "loss 100% ecn", script: "" }, wire);
  const send = (tos: number) =>
    stage.run(
      "client",
      "sh",
      "-c",
      `printf hello | socat -u - UDP4-SENDTO:${serverAddress}:12000,ip-tos=${tos}`,
    );
  const events = await stage.link.events();
  await send(0);
  await send(2);
  expect(await server.received(1)).toMatchObject([{ size: 5 }]);
  expect((await stage.link.end()).up).toMatchObject({ seen: 2, lost: 1, delivered: 1 });
  const told: [number, boolean | undefined, string][] = [];
  for await (const event of events) {
    if (event.ev === "packet" && event.dir === "up") told.push([event.n, event.marked, event.fate]);
    if (event.ev === "end") break;
  }
  expect(told).toEqual([[1, undefined, "lost"], [2, true, "delivered"]]);
});

test("rate 1mbit lets 100 packets of 1,250 bytes pass in about a second", async () => {
  await stage.link.set({ up: { profile: "rate 1mbit", script: "" } });
  // 1,208 bytes of payload, 28 of headers and 14 of Ethernet's: 10 ms each.
  const started = performance.now();
  await client.send(toServer, { first: 1, count: 100, size: 1208 });
  const came = await server.received(100);
  const ms = performance.now() - started;
  expect(came).toHaveLength(100);
  expect(came.every(({ intact }) => intact)).toBe(true);
  expect(ms).toBeGreaterThanOrEqual(990);
  expect(ms).toBeLessThan(2000);
  // Not all at the end: they leave one by one.
  const half = came[49]!.atMs - came[0]!.atMs;
  expect(half).toBeGreaterThan(350);
  expect(half).toBeLessThan(1000);
});

test("seen is delivered, lost and queued together, at every moment and at the end", async () => {
  const profile = "delay 30ms 20ms loss 20% limit 30 seed 5";
  await stage.link.begin({ profile, script: "" }, wire);
  for (let i = 0; i < 20; i++) {
    await client.send(toServer, { first: i * 20, count: 20 });
    const { up } = await stage.link.show();
    expect(up.counts.delivered + up.counts.lost + up.queued).toBe(up.counts.seen);
  }
  await until(() => stage.link.show(), ({ up }) => up.counts.seen === 400);
  const { up } = await stage.link.end();
  expect(up.seen).toBe(400);
  expect(up.delivered + up.lost).toBe(400);
  expect(up.lost).toBeGreaterThan(0);
});

test("what is queued when a run ends or another begins is lost to it, and reaches nobody", async () => {
  await stage.link.set({ up: { profile: "delay 60s", script: "" } });
  await client.send(toServer, { first: 1, count: 5 });
  await until(() => stage.link.show(), ({ up }) => up.queued === 5);
  expect((await stage.link.end()).up).toMatchObject({ seen: 5, delivered: 0, lost: 5 });
  await stage.link.begin(wire, wire);
  await client.send(toServer, { first: 6 });
  expect((await server.received(1)).map(({ n }) => n)).toEqual([6]);
});
