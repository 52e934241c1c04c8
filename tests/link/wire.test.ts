/**
 * The link in front of real sockets: what it does to packets, seen from outside.
 */
import { expect, test, vi } from "vitest";
import { client, server, stage, toServer, useEcho, wire } from "./echo_stage.ts";
import { until } from "./poll.ts";
import { clientAddress, serverAddress } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });
useEcho();

/** Pings once and returns ping's time in milliseconds. */
async function ping(...args: string[]): Promise<number> {
  const { stdout } = await stage.run("client", "ping", "-c1", "-W5", ...args, serverAddress);
  return Number(/time=([\d.]+) ms/.exec(stdout)?.[1] ?? NaN);
}

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
