/**
 * What the link writes down, held against what really passed: events, captures and counts agree.
 */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  decodePacket,
  type LinkEvent,
  type PacketEvent,
  PcapReader,
  type PcapRecord,
  verifyChecksums,
} from "../../src/packet/mod.ts";
import { until } from "./poll.ts";
import type { Peer } from "./peer_client.ts";
import {
  clientAddress,
  clientAddress6,
  run,
  serverAddress,
  serverAddress6,
  Stage,
} from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
const toServer = { host: serverAddress, port: 12000 };
const toClient = { host: clientAddress, port: 40000 };
let stage: Stage, server: Peer, client: Peer;

beforeAll(async () => {
  stage = await Stage.start({ six: true });
  [server, client] = await Promise.all([stage.peer("server"), stage.peer("client")]);
  await Promise.all([server.udp(12000), client.udp(40000)]);
});
afterAll(async () => await stage?.[Symbol.asyncDispose]());

/** A pcap stream, read as it comes; `packets()` settles once there are so many. */
async function record(side: "client" | "server") {
  const ending = new AbortController();
  const stream = await stage.link.capture(side, { signal: ending.signal });
  const reader = new PcapReader(), pieces: Uint8Array[] = [], all: PcapRecord[] = [];
  const reading = (async () => {
    for await (const chunk of stream) {
      pieces.push(chunk.slice());
      all.push(...reader.push(chunk));
    }
  })();
  return {
    packets: (count: number) => until(() => all, () => all.length >= count),
    async stop(): Promise<Uint8Array> {
      ending.abort();
      await reading;
      reader.end();
      return new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer());
    },
  };
}

/** The events of one run, from here to its end. */
async function eventsOfRun(): Promise<() => Promise<LinkEvent[]>> {
  const stream = await stage.link.events();
  const all = (async () => {
    const events: LinkEvent[] = [];
    for await (const event of stream) {
      events.push(event);
      if (event.ev === "end") break;
    }
    return events;
  })();
  return () => all;
}

const packetsOf = (events: LinkEvent[]) =>
  events.filter((event): event is PacketEvent => event.ev === "packet");

test("events, captures, counts and the ends agree on every packet of an impaired run", async () => {
  const events = await eventsOfRun();
  const outer = await record("client"), inner = await record("server");
  await stage.link.begin(
    { profile: "delay 5ms 3ms loss 10% duplicate 10% corrupt 10% seed 31", script: "" },
    { profile: "delay 5ms 3ms loss 10% duplicate 10% corrupt 10% seed 32", script: "" },
  );
  for (let n = 1; n <= 100; n++) {
    await client.send(toServer, { first: n, size: 200 });
    await server.send(toClient, { first: n, size: 200 });
  }
  await until(
    () => stage.link.show(),
    ({ up, down }) => up.counts.seen + down.counts.seen === 200 && up.queued + down.queued === 0,
  );
  const end = await stage.link.end();
  const told = packetsOf(await events());

  for (const dir of ["up", "down"] as const) {
    const counts = end[dir], mine = told.filter((event) => event.dir === dir);
    expect(mine.map(({ n }) => n).sort((a, b) => a - b))
      .toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
    const copies = mine.flatMap((event) => event.copies);
    expect(copies.length).toBe(counts.delivered);
    expect(copies.filter((copy) => copy.corrupted).length).toBe(counts.corrupted);
    expect(mine.filter((event) => event.fate === "lost").length).toBe(counts.lost);
    for (const count of [counts.lost, counts.duplicated, counts.corrupted]) {
      expect(count).toBeGreaterThan(0);
    }
    for (const event of mine) {
      for (const copy of event.copies) {
        expect(copy.at_us - event.t_us).toBeGreaterThanOrEqual(2000);
        expect(copy.at_us - event.t_us).toBeLessThan(200_000);
      }
    }
    // What arrived is what left uncorrupted: a corrupted datagram fails its checksum.
    const receiver = dir === "up" ? server : client;
    const arrived = (await receiver.received(0, 0)).map(({ n }) => n);
    const good = mine.flatMap((event) =>
      event.copies.filter((copy) => !copy.corrupted).map((copy) => ({
        n: new DataView(Uint8Array.from(atob(event.head!), (c) => c.charCodeAt(0)).buffer)
          .getUint32(0),
        at: copy.at_us,
      }))
    ).sort((a, b) => a.at - b.at);
    expect(arrived.toSorted()).toEqual(good.map(({ n }) => n).toSorted());
  }

  // Each side of the captures holds what was sent there and what came out there.
  for (const [side, capture] of [["client", outer], ["server", inner]] as const) {
    const sent = end[side === "client" ? "up" : "down"].seen;
    const came = end[side === "client" ? "down" : "up"].delivered;
    const packets = await capture.packets(sent + came);
    expect(packets).toHaveLength(sent + came);
    const from = side === "client" ? clientAddress : serverAddress;
    expect(packets.filter(({ bytes }) => decodePacket(bytes)!.ip.src === from)).toHaveLength(sent);
    const broken = packets.filter(({ bytes }) => verifyChecksums(bytes)!.transport === false);
    expect(broken).toHaveLength(end[side === "client" ? "down" : "up"].corrupted);
    expect(packets.every(({ bytes }) => verifyChecksums(bytes)!.ip)).toBe(true);
    const file = `${stage.folder}/${side}.pcap`;
    Deno.writeFileSync(file, await capture.stop());
    const tcpdump = await run(["tcpdump", "-n", "-r", file]).catch(() => null);
    if (tcpdump !== null) expect(tcpdump.stdout.split("\n")).toHaveLength(sent + came);
  }
});

test("events of TCP, ICMP and fragments say what their packets are", async () => {
  const events = await eventsOfRun();
  await stage.link.begin(wire, wire);
  await server.sink(50000);
  await client.stream({ host: serverAddress, port: 50000 }, 3000);
  await stage.run("client", "ping", "-c1", "-W5", serverAddress);
  await client.send(toServer, { first: 1, size: 3000 });
  await until(() => stage.link.show(), ({ up }) => up.counts.seen >= 3);
  await server.received(1);
  await stage.link.end();
  const told = packetsOf(await events());
  const segments = (dir: string) =>
    told.filter((event) => event.proto === "tcp" && event.dir === dir).map(({ tcp }) => tcp!);
  expect(segments("up")[0]!.flags).toBe("S");
  expect(segments("down")[0]!.flags).toBe("SA");
  // A kernel that hears nothing for 10 ms, of a machine that is busy, sends its last segment again (RFC 8985).
  const ends = segments("up").filter(({ flags }) => flags.includes("F"));
  expect(new Set(ends.map(({ seq, len }) => seq + len)).size).toBe(1);
  const echoes = told.filter((event) => event.proto === "icmp");
  expect(echoes.map(({ dir, icmp }) => [dir, icmp!.type])).toEqual([["up", 8], ["down", 0]]);
  const parts = told.filter((event) => event.proto === "udp" && event.dir === "up");
  expect(parts.map(({ fragment }) => fragment)).toEqual([
    { offset: 0, more: true },
    { offset: 1480, more: true },
    { offset: 2960, more: false },
  ]);
  expect(new Set(parts.map(({ ip_id }) => ip_id)).size).toBe(1);
});

test("a reader that reads nothing is cut off; the wire, the commands and the other readers go on", async () => {
  using lazy = await Deno.connect({ transport: "unix", path: stage.control });
  await lazy.write(new TextEncoder().encode('{"v":1,"op":"capture","side":"client"}\n'));
  const events = await eventsOfRun();
  await server.forget();
  await stage.link.begin(wire, wire);
  // Enough for the sockets' buffers, the subscriber's and the ring's together.
  const rounds = 260;
  for (let i = 0; i < rounds; i++) {
    await client.send(toServer, { first: i, size: 65_000 });
    await server.received(i + 1);
  }
  const state = await stage.link.show();
  expect(state.up).toMatchObject({ counts: { seen: rounds * 44, lost: 0 } });
  const end = await stage.link.end();
  const told = packetsOf(await events()).filter(({ dir }) => dir === "up");
  expect(end.up.seen).toBe(rounds * 44);
  // Missed or told: nothing is passed over in silence.
  expect(told.length + end.missed).toBeGreaterThanOrEqual(end.up.seen);
});

test("without a reader nothing is recorded and nothing is missed", async () => {
  await stage.link.begin(wire, wire);
  await client.send(toServer, { first: 1, count: 50 });
  await until(() => stage.link.show(), ({ up }) => up.counts.seen === 50);
  expect(await stage.link.end()).toMatchObject({ up: { seen: 50, delivered: 50 }, missed: 0 });
});

test("times in a capture are the wall clock's: those of the run", async () => {
  const capture = await record("server");
  const before = Date.now();
  await stage.link.begin(wire, wire);
  await client.send(toServer, { first: 1 });
  const [packet] = await capture.packets(1);
  expect(packet!.timeUs / 1000).toBeGreaterThanOrEqual(before - 1);
  expect(packet!.timeUs / 1000).toBeLessThanOrEqual(Date.now() + 1);
  await capture.stop();
  await stage.link.end();
});

test("a run over IPv6 is told and captured: addresses, checksums, and a file that tcpdump reads", async () => {
  const [server6, client6] = await Promise.all([stage.peer("server"), stage.peer("client")]);
  await server6.udp(12006, { host: serverAddress6, echo: true });
  await client6.udp(40006, { host: clientAddress6 });
  const events = await eventsOfRun();
  const outer = await record("client"), inner = await record("server");
  await stage.link.begin(
    { profile: "", script: "lose 3; duplicate 4; corrupt 5" },
    { profile: "", script: "lose 1" },
  );
  const to = { host: serverAddress6, port: 12006 };
  for (const [n, size] of [64, 3000, 64, 64].entries()) {
    await client6.send(to, { first: n, size });
  }
  // Of the 3,000 bytes' three fragments one is lost; the datagram behind is damaged: two are answered.
  await until(() => stage.link.show(), ({ up }) => up.counts.seen === 6);
  await until(() => stage.link.show(), ({ down }) => down.counts.seen === 2);
  await stage.run("client", "ping", "-6", "-c1", "-W5", serverAddress6);
  const end = await stage.link.end();
  expect(end).toMatchObject({ up: { seen: 7, delivered: 7 }, down: { seen: 3, delivered: 2 } });

  const told = packetsOf(await events());
  const [ports, hosts] = [
    [`[${clientAddress6}]:40006`, `[${serverAddress6}]:12006`],
    [clientAddress6, serverAddress6],
  ];
  const up = told.filter(({ dir }) => dir === "up").sort((a, b) => a.n - b.n);
  expect(up.map(({ src, dst }) => [src, dst]))
    .toEqual([ports, ports, hosts, hosts, ports, ports, hosts]);
  expect(up.map(({ fragment }) => fragment?.offset)).toEqual([
    undefined,
    0,
    1448,
    2896,
    undefined,
    undefined,
    undefined,
  ]);
  expect(up.map(({ proto, icmp }) => icmp?.type ?? proto).at(-1)).toBe(128);

  for (const [side, capture] of [["client", outer], ["server", inner]] as const) {
    const sent = end[side === "client" ? "up" : "down"].seen;
    const came = end[side === "client" ? "down" : "up"].delivered;
    const packets = await capture.packets(sent + came);
    expect(packets.every(({ bytes }) => decodePacket(bytes)!.ip.version === 6)).toBe(true);
    const broken = packets.filter(({ bytes }) => verifyChecksums(bytes)!.transport === false);
    expect(broken).toHaveLength(end[side === "client" ? "down" : "up"].corrupted);
    const file = `${stage.folder}/${side}6.pcap`;
    Deno.writeFileSync(file, await capture.stop());
    const tcpdump = await run(["tcpdump", "-n", "-r", file]).catch(() => null);
    if (tcpdump === null) continue;
    const lines = tcpdump.stdout.split("\n");
    expect(lines).toHaveLength(sent + came);
    for (const line of lines) expect(line).toMatch(/ IP6 /);
  }
});
