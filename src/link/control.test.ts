/**
 * The link and its control socket over a real Unix socket, with a driver that only keeps books.
 */
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildUdp4, type LinkCounts, type LinkEvent, PcapReader } from "../packet/mod.ts";
import { connectLink, type LinkClient, LinkError } from "./client.ts";
import { serveControl } from "./control.ts";
import type { Driver, DriverCounts } from "./driver.ts";
import { driversOf } from "./drivers_for_test.ts";
import { Link } from "./link.ts";
import type { LinkSetting } from "./protocol.ts";
import { RecordType, type RingRecord } from "./ring.ts";

const wire: LinkSetting = { profile: "", script: "" };
const packet = buildUdp4({
  src: "10.77.0.3",
  dst: "10.77.0.2",
  srcPort: 5,
  dstPort: 7,
}) as Uint8Array<
  ArrayBuffer
>;

function counts(seen: number): LinkCounts {
  return {
    seen,
    delivered: seen,
    lost: 0,
    duplicated: 0,
    corrupted: 0,
    reordered: 0,
    dropped_full: 0,
  };
}

/** Counts what passes; its clock is the number of commands. */
class BookDriver implements Driver {
  readonly name = "tun";
  keep = 0;
  onRecord: Driver["onRecord"] = () => {};
  caughtUp: Driver["caughtUp"] = () => Promise.resolve();
  readonly broken = new Promise<Error>(() => {});
  readonly commands: string[] = [];
  /** Throws at the next command. */
  refuses: Error | null = null;
  #seen = 0;

  #counts(command: string): Promise<DriverCounts> {
    if (this.refuses) return Promise.reject(this.refuses);
    this.commands.push(command);
    const t_us = this.commands.length;
    const up = { ...counts(this.#seen), queued: 0 }, down = { ...counts(0), queued: 0 };
    return Promise.resolve({ t_us, up, down, missed: 0 });
  }
  begin(up: LinkSetting, down: LinkSetting): Promise<DriverCounts> {
    this.#seen = 0;
    if (this.refuses === null) {
      this.onRecord({
        type: RecordType.begin,
        direction: 0,
        n: 0,
        time: 0,
        length: 0,
        copies: 0,
        cause: 0,
        flags: 0,
        data: new Uint8Array(0),
      });
    }
    return this.#counts(`begin ${up.profile}|${down.profile}`);
  }
  set(change: { up?: LinkSetting; down?: LinkSetting }): Promise<DriverCounts> {
    return this.#counts(`set ${change.up?.profile}|${change.down?.profile}`);
  }
  counts(): Promise<DriverCounts> {
    return this.#counts("counts");
  }
  end(): Promise<DriverCounts> {
    return this.#counts("end");
  }
  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
  /** A packet comes and leaves at once. */
  pass(): void {
    const n = ++this.#seen;
    const record: RingRecord = {
      type: RecordType.packet,
      direction: 0,
      n,
      time: n * 1000,
      length: packet.length,
      copies: 1,
      cause: 0,
      flags: 0,
      data: packet.slice(0, this.keep),
    };
    if (this.keep > 0) this.onRecord(record);
    if (this.keep > 0) this.onRecord({ ...record, type: RecordType.copy });
  }
}

let folder: string, path: string;
let listener: Deno.UnixListener, driver: BookDriver, client: LinkClient;
let ending: AbortController;

beforeEach(async () => {
  folder = Deno.makeTempDirSync();
  path = `${folder}/control.sock`;
  listener = Deno.listen({ transport: "unix", path });
  driver = new BookDriver();
  const on = { device: "eth0", address: "10.77.0.2", prefix: 24, mtu: 1500 };
  serveControl(listener, new Link(await driversOf(driver), on, "reno")).catch(() => {});
  client = await connectLink(path);
  ending = new AbortController();
});
afterEach(() => {
  ending.abort();
  client.close();
  listener.close();
  Deno.removeSync(folder, { recursive: true });
});

/** What the socket answers to raw bytes, until it closes or has answered `lines` lines. */
async function answersTo(text: string, lines: number): Promise<Record<string, unknown>[]> {
  using conn = await Deno.connect({ transport: "unix", path });
  await conn.write(new TextEncoder().encode(text));
  let got = "";
  const bytes = new Uint8Array(65536);
  while (got.split("\n").length <= lines) {
    const count = await conn.read(bytes);
    if (count === null) break;
    got += new TextDecoder().decode(bytes.subarray(0, count));
  }
  return got.trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

/** Gathers events until one is `end`. */
async function untilEnd(events: AsyncIterable<LinkEvent>): Promise<LinkEvent[]> {
  const all: LinkEvent[] = [];
  for await (const event of events) {
    all.push(event);
    if (event.ev === "end") break;
  }
  return all;
}

test("show() tells where the link is, and that no run has begun", async () => {
  expect(await client.show()).toMatchObject({
    driver: "tun",
    epoch: 0,
    running: false,
    server: "10.77.0.2",
    device: "eth0",
    mtu: 1500,
    congestion: "reno",
    up: { profile: "", script: "", queued: 0 },
    down: { profile: "", script: "", queued: 0 },
  });
});

test("a run's events come in order: begin, each packet, set, end", async () => {
  const events = await client.events({ signal: ending.signal });
  const all = untilEnd(events);
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  driver.pass();
  await client.set({ down: { profile: "loss 5%", script: "" } });
  driver.pass();
  const end = await client.end();
  const [begin, first, set, second, last, ...more] = await all;
  expect(begin).toMatchObject({
    ev: "begin",
    epoch: 1,
    driver: "tun",
    server: "10.77.0.2",
    mtu: 1500,
    congestion: "reno",
    down: wire,
  });
  expect(begin).toMatchObject({ up: { profile: expect.stringMatching(/^delay 10ms/) } });
  expect(first).toMatchObject({ ev: "packet", n: 1, dir: "up" });
  expect(set).toMatchObject({ ev: "set", down: { profile: expect.stringMatching(/^loss .*5%/) } });
  expect(set).toMatchObject({ up: { profile: expect.stringMatching(/^delay 10ms/) } });
  expect(second).toMatchObject({ ev: "packet", n: 2 });
  expect(last).toMatchObject({ ev: "end", up: { seen: 2 }, missed: 0 });
  expect(end).toMatchObject({ up: { seen: 2 }, missed: 0 });
  expect(more).toEqual([]);
});

test("a wrong profile or script is refused, changes nothing, and the connection goes on", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  const before = await client.show();
  const wrong: [string, string][] = [["loss 10% dlay 5ms", ""], ["", "loose 3"]];
  for (const [profile, script] of wrong) {
    const setting = { profile, script };
    await expect(client.set({ up: setting })).rejects.toThrow(LinkError);
    await expect(client.set({ up: wire, down: setting })).rejects.toThrow(LinkError);
    await expect(client.begin(wire, setting)).rejects.toThrow(LinkError);
  }
  const after = await client.show();
  expect(after).toEqual({ ...before, t_us: after.t_us });
  expect(driver.commands.filter((one) => one !== "counts")).toHaveLength(1);
});

test("a driver that refuses leaves the settings as they were", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, wire);
  driver.refuses = new RangeError("Shorten the script");
  await expect(client.set({ up: wire })).rejects.toThrow(/^Shorten the script$/);
  driver.refuses = null;
  expect((await client.show()).up.profile).toMatch(/^delay 10ms/);
});

test("set() changes the directions given, reset() both", async () => {
  await client.begin({ profile: "delay 10ms", script: "" }, { profile: "delay 20ms", script: "" });
  const set = await client.set({ up: { profile: "delay 30ms", script: "lose 1" } });
  expect(set.up).toMatchObject({ profile: expect.stringMatching(/^delay 30ms/), script: "lose 1" });
  expect(set.down.profile).toMatch(/^delay 20ms/);
  const reset = await client.reset();
  expect(reset.up).toMatchObject(wire);
  expect(reset.down).toMatchObject(wire);
});

test("what passes before begin and after end is no run's", async () => {
  const events = await client.events({ signal: ending.signal });
  const all = (async () => {
    const kinds: string[] = [];
    for await (const event of events) {
      kinds.push(event.ev);
      if (kinds.filter((kind) => kind === "end").length === 2) return kinds;
    }
  })();
  driver.pass();
  await client.begin(wire, wire);
  await client.end();
  driver.pass();
  await client.end();
  await client.begin(wire, wire);
  await client.end();
  expect(await all).toEqual(["begin", "end", "begin", "end"]);
});

test("begin() during a run ends that first; callers at once get whole runs, one after the other", async () => {
  const events = await client.events({ signal: ending.signal });
  const seen: string[] = [];
  const reading = (async () => {
    for await (const event of events) {
      seen.push(event.ev === "begin" ? `begin ${event.epoch}` : event.ev);
      if (event.ev === "end" && seen.length === 6) return;
    }
  })();
  using other = await connectLink(path);
  const states = await Promise.all([
    client.begin(wire, wire),
    other.begin(wire, wire),
    client.begin(wire, wire),
  ]);
  expect(states.map((state) => state.epoch).sort()).toEqual([1, 2, 3]);
  await client.end();
  await reading;
  expect(seen).toEqual(["begin 1", "end", "begin 2", "end", "begin 3", "end"]);
});

test("the driver keeps nothing while nobody reads, and stops keeping when the last reader leaves", async () => {
  expect(driver.keep).toBe(0);
  const first = new AbortController();
  const events = await client.events({ signal: first.signal });
  expect(driver.keep).toBeGreaterThan(0);
  const stream = await client.capture("client", { signal: ending.signal });
  expect(driver.keep).toBe(65535);
  await stream.cancel();
  await expect.poll(() => driver.keep).toBeLessThan(65535);
  first.abort();
  expect(await events.next()).toMatchObject({ done: true });
  await expect.poll(() => driver.keep).toBe(0);
});

test("capture() is a pcap file from its first byte, with each packet on its side", async () => {
  const stream = await client.capture("server", { signal: ending.signal });
  const reader = new PcapReader();
  const got: Uint8Array[] = [];
  const reading = (async () => {
    for await (const chunk of stream) {
      got.push(...reader.push(chunk).map((one) => one.bytes));
      if (got.length === 3) return;
    }
  })();
  await client.begin(wire, wire);
  for (let i = 0; i < 3; i++) driver.pass();
  await client.end();
  await reading;
  expect(reader.linkType).toBe(101);
  expect(got).toEqual([packet, packet, packet]);
});

test("every watcher gets every event; one that leaves does not disturb the others", async () => {
  const leaving = new AbortController();
  const gone = await client.events({ signal: leaving.signal });
  const stays = await Promise.all([client.events(), client.events()]);
  const all = Promise.all(stays.map(untilEnd));
  await client.begin(wire, wire);
  driver.pass();
  leaving.abort();
  driver.pass();
  await client.end();
  const [a, b] = await all;
  expect(a!.map((event) => event.ev)).toEqual(["begin", "packet", "packet", "end"]);
  expect(b).toEqual(a);
  await gone.return?.();
});

test("another version of the protocol, an unknown op and a wrong field are refused by a line each", async () => {
  const lines = [{ v: 2, id: 1, op: "show" }, { v: 1, id: 2, op: "explode" }, {
    v: 1,
    id: 3,
    op: "begin",
  }, { v: 1, id: 4, op: "show" }];
  const answers = await answersTo(lines.map((line) => `${JSON.stringify(line)}\n`).join(""), 4);
  expect(answers.map(({ id, ok }) => ({ id, ok }))).toEqual([
    { id: 1, ok: false },
    { id: 2, ok: false },
    { id: 3, ok: false },
    { id: 4, ok: true },
  ]);
  expect(answers[0]!.error).toBe("Speak version 1 of the link's protocol, not 2");
  expect(answers[1]!.error).toMatch(/op "explode" is unknown$/);
});

test("a line that is no JSON is answered and ends its connection, not the link", async () => {
  const answers = await answersTo('hello\n{"v":1,"op":"show"}\n', 2);
  expect(answers).toHaveLength(1);
  expect(answers[0]).toMatchObject({ v: 1, ok: false });
  expect((await client.show()).running).toBe(false);
});

test("a caller that leaves in the middle of a line, or before its answer, does not disturb the link", async () => {
  for (const text of ['{"v":1,', '{"v":1,"op":"show"}\n', ""]) {
    const conn = await Deno.connect({ transport: "unix", path });
    await conn.write(new TextEncoder().encode(text));
    conn.close();
  }
  expect((await client.show()).driver).toBe("tun");
});

test("awaitListening() finds a socket of this namespace, by port and protocol", async () => {
  const server = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = server.addr;
  const found = await client.awaitListening({ proto: "tcp", port, timeoutMs: 10_000 });
  expect(found.listening).toBe(true);
  const other = await client.awaitListening({ proto: "udp", port, timeoutMs: 0 });
  expect(other.listening).toBe(false);
  expect(other.sockets).toContainEqual({ proto: "tcp", address: "0.0.0.0", port });
  server.close();
});

test("connectLink() says what to do where no link answers", async () => {
  await expect(connectLink(`${folder}/none.sock`)).rejects.toThrow(/^Start the lab first/);
});

test("a client's pending and later requests fail in one line when the link ends", async () => {
  await client.show();
  const { promise, resolve } = Promise.withResolvers<void>();
  const gone = Deno.listen({ transport: "unix", path: `${folder}/gone.sock` });
  gone.accept().then((conn) => (conn.close(), resolve()));
  using left = await connectLink(`${folder}/gone.sock`);
  await promise;
  await expect(left.show()).rejects.toThrow(/^The link has ended$/);
  await expect(left.show()).rejects.toThrow(/^The link has ended$/);
  gone.close();
});
