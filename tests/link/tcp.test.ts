/**
 * TCP through the link: every byte arrives, whatever the wire does.
 */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Peer } from "./peer_client.ts";
import { clientAddress6, serverAddress, serverAddress6, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
let stage: Stage, server: Peer, client: Peer;

beforeAll(async () => {
  stage = await Stage.start({ six: true });
  [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
});
afterAll(async () => await stage?.[Symbol.asyncDispose]());

/** Sends a stream from one side to the other and compares both ends' digests. */
async function transfer(from: Peer, to: Peer, host: string, bytes: number): Promise<void> {
  await to.sink(50000, host.includes(":") ? "::" : "0.0.0.0");
  const sent = await from.stream({ host, port: 50000 }, bytes);
  expect(await to.sunk()).toEqual({ bytes, sha256: sent.sha256 });
  expect(sent.remote).toBe(sent.sha256);
}

test.each([["IPv4", serverAddress], ["IPv6", serverAddress6]])(
  "5 MB arrive whole over a wire that loses 2 %% each way: %s",
  async (_, host) => {
    await stage.link.begin(
      { profile: "delay 2ms loss 2% seed 11", script: "" },
      { profile: "delay 2ms loss 2% seed 12", script: "" },
    );
    await transfer(client, server, host, 5_000_000);
    const { up, down } = await stage.link.end();
    expect(up.lost).toBeGreaterThan(20);
    expect(down.lost).toBeGreaterThan(5);
  },
);

test.each([["IPv4", serverAddress], ["IPv6", serverAddress6]])(
  "5 MB arrive whole over a wire that duplicates, reorders and corrupts: %s",
  async (_, host) => {
    const profile = "delay 3ms 1ms duplicate 2% corrupt 1% reorder 10% seed";
    await stage.link.begin({ profile: `${profile} 21`, script: "" }, {
      profile: `${profile} 22`,
      script: "",
    });
    await transfer(client, server, host, 5_000_000);
    const { up } = await stage.link.end();
    for (const count of [up.duplicated, up.corrupted, up.reordered]) {
      expect(count).toBeGreaterThan(5);
    }
  },
);

test("100 MB arrive whole over a clean wire, segment by segment, none lost", async () => {
  await stage.link.begin(wire, wire);
  await transfer(client, server, serverAddress, 100_000_000);
  const { up, down } = await stage.link.end();
  // 1,448 bytes a segment: large sends are cut before the model sees them.
  expect(up.seen).toBeGreaterThanOrEqual(Math.ceil(100_000_000 / 1448));
  expect(up).toMatchObject({ lost: 0, dropped_full: 0 });
  expect(down.seen).toBeGreaterThan(1000);
});

test("20 MB over IPv6 arrive whole, segment by segment, either way", async () => {
  await stage.link.begin(wire, wire);
  await transfer(client, server, serverAddress6, 20_000_000);
  const first = await stage.link.end();
  // 1,428 bytes a segment: large sends are cut before the model sees them.
  expect(first.up.seen).toBeGreaterThanOrEqual(Math.ceil(20_000_000 / 1428));
  expect(first.up).toMatchObject({ lost: 0, dropped_full: 0 });
  await stage.link.begin(wire, wire);
  await transfer(server, client, clientAddress6, 20_000_000);
  const second = await stage.link.end();
  expect(second.down.seen).toBeGreaterThanOrEqual(Math.ceil(20_000_000 / 1428));
  expect(second.down).toMatchObject({ lost: 0, dropped_full: 0 });
});

test("the handshake meets the model: a lost SYN is sent again, a lost SYN-ACK too", async () => {
  await stage.link.begin({ profile: "", script: "lose 1" }, { profile: "", script: "lose 1" });
  await transfer(client, server, serverAddress, 1000);
  const { up, down } = await stage.link.end();
  expect(up.lost).toBe(1);
  expect(down.lost).toBe(1);
});

test("a refused connection is refused at its first SYN: the reset passes the link", async () => {
  await stage.link.begin(wire, wire);
  await expect(client.stream({ host: serverAddress, port: 9 }, 1)).rejects.toThrow(/refused/i);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 1 }, down: { seen: 1 } });
});
