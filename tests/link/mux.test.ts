/**
 * A link over its standard input and output: what its socket does, many connections in one stream.
 */
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { connectLink, type LinkClient, linkCommand } from "../../src/link/mod.ts";
import { MuxClient, serveMux } from "../../src/mux/mod.ts";
import type { LinkEvent } from "../../src/packet/mod.ts";
import { serverAddress, Stage } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 30_000 });

const wire = { profile: "", script: "" };
// The stage keeps the namespaces; links come and go in it.
let stage: Stage;

beforeAll(async () => void (stage = await Stage.start({ bare: true })));
afterAll(async () => await stage?.[Symbol.asyncDispose]());

const running = new Set<{ end(): Promise<unknown> }>();
afterEach(async () => void await Promise.all([...running].map((one) => one.end())));

/** Starts a program at the server and speaks frames with it. */
function start(argv: string[]) {
  const [command, ...args] = stage.command("server", argv);
  const child = new Deno.Command(command!, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const mux = new MuxClient({ readable: child.stdout, writable: child.stdin });
  const errors = new Response(child.stderr).text();
  const started = {
    mux,
    /** Ends the stream and waits for the program. */
    async end() {
      running.delete(started);
      mux.close();
      const { code, signal } = await child.status;
      return { code, signal, stderr: await errors, fault: await mux.ended };
    },
  };
  running.add(started);
  return started;
}

const link = (socket?: string) =>
  linkCommand(Deno.execPath(), {
    device: "eth0",
    driver: "auto",
    ownerStdin: true,
    muxStdio: true,
    ...(socket !== undefined && { socket }),
  });
const relay = (socket: string) => [
  Deno.execPath(),
  "run",
  "-A",
  "--no-config",
  new URL("../../src/link/relay.ts", import.meta.url).href,
  "--socket",
  socket,
];
const clean = { code: 0, signal: null, stderr: "", fault: null };

/** What a watcher has: all events to the run's end, and both captures. */
async function watch(client: LinkClient) {
  const ending = new AbortController();
  const events = await client.events();
  const captures = await Promise.all(
    (["client", "server"] as const).map((side) => client.capture(side, ending)),
  );
  const told = (async () => {
    const all: LinkEvent[] = [];
    for await (const event of events) {
      all.push(event);
      if (event.ev === "end") break;
    }
    return all;
  })();
  const files = captures.map((one) =>
    new Response(one as ReadableStream<Uint8Array<ArrayBuffer>>).bytes()
  );
  return async () => {
    const all = await told;
    // The half-close: the last packets come after it.
    ending.abort();
    return { events: all, captures: await Promise.all(files) };
  };
}

test("a run over standard input and output: the same events and captures as over the socket", async () => {
  const socket = `${stage.folder}/both.sock`;
  const started = start(link(socket));
  expect(await started.mux.ready).toEqual({ v: 1, ready: true, mux: 1, driver: "tun" });
  using overStdio = await connectLink(started.mux);
  using overSocket = await connectLink(socket);
  const results = await Promise.all([watch(overStdio), watch(overSocket)]);
  const lossy = { profile: "loss 30% seed 7", script: "" };
  expect((await overStdio.begin(lossy, wire)).up.profile).toMatch(/seed 7/);
  await stage.run("client", "ping", "-c40", "-i0.002", "-W1", serverAddress);
  expect(await overSocket.show()).toMatchObject({ running: true, up: { counts: { seen: 40 } } });
  const end = await overStdio.end();
  expect(end.up.lost).toBeGreaterThan(0);
  const [stdio, unix] = await Promise.all(results.map((result) => result()));
  expect(stdio).toEqual(unix);
  expect(stdio!.events).toHaveLength(2 + end.up.seen + end.down.seen);
  expect(stdio!.captures.map((bytes) => bytes.length)).toEqual([
    24 + (16 + 84) * (end.up.seen + end.down.delivered),
    24 + (16 + 84) * (end.down.seen + end.up.delivered),
  ]);
  expect(await started.end()).toEqual(clean);
});

test("a link without a socket takes all it is asked over standard input, and a refusal is its own", async () => {
  const started = start(link());
  using client = await connectLink(started.mux);
  await expect(client.begin({ profile: "dlay 5ms", script: "" }, wire)).rejects.toThrow(/dlay/);
  await client.begin(wire, wire);
  expect(await client.end()).toMatchObject({ up: { seen: 0 }, missed: 0 });
  expect(await started.end()).toEqual(clean);
  await expect(client.show()).rejects.toThrow(/^The link has ended$/);
  expect((await stage.run("server", "ip", "link", "show", "link0")).code).toBe(1);
});

test("bytes that are no frames end the link in one line, status 3", async () => {
  const [command, ...args] = stage.command("server", [
    "sh",
    "-c",
    `echo '{"v":1,"op":"show"}' | exec "$@"`,
    "sh",
    ...link(),
  ]);
  const { code, stderr } = await new Deno.Command(command!, { args }).output();
  expect(code).toBe(3);
  expect(new TextDecoder().decode(stderr)).toMatch(
    /^Speak version 1 of the link's frames, not [^\n]*\n$/,
  );
});

test("a relay leads into a link that is up, through a socket on this side too", async () => {
  const socket = `${stage.folder}/up.sock`, near = `${stage.folder}/near.sock`;
  const up = start(link(socket));
  await up.mux.ready;
  const inside = start(relay(socket));
  using listener = Deno.listen({ transport: "unix", path: near });
  serveMux(listener, inside.mux).catch(() => {});
  using client = await connectLink(near);
  const result = await watch(client);
  await client.begin(wire, wire);
  await stage.run("client", "ping", "-c2", "-i0.01", "-W5", serverAddress);
  await client.end();
  const { events, captures } = await result();
  expect(events.map(({ ev }) => ev)).toEqual([
    "begin",
    ...Array.from({ length: 4 }, () => "packet"),
    "end",
  ]);
  expect(captures.map((bytes) => bytes.length)).toEqual([424, 424]);
  // The relay's end is not the link's.
  expect(await inside.end()).toEqual(clean);
  expect((await connectLink(socket).then((one) => one.show())).running).toBe(false);
  expect(await up.end()).toEqual(clean);
});

test("a relay without a link says so in one line, status 3", async () => {
  const started = start(relay(`${stage.folder}/none.sock`));
  await expect(started.mux.ready).rejects.toThrow(/^The link ended before it was ready$/);
  const { code, stderr } = await started.end();
  expect(code).toBe(3);
  expect(stderr).toMatch(/^Start the lab first: no link answers at [^\n]*none\.sock\n$/);
});

test("captures and events of 40 MB end soon after the wire, and tell what they miss", async () => {
  const started = start(link());
  using client = await connectLink(started.mux);
  const result = await watch(client);
  await using server = await stage.peer("server");
  await using sender = await stage.peer("client");
  await server.sink(50000);
  await client.begin({ profile: "rate 100mbit", script: "" }, wire);
  const bytes = 40_000_000;
  const { sha256, ms } = await sender.stream({ host: serverAddress, port: 50000 }, bytes);
  expect(await server.sunk()).toEqual({ bytes, sha256 });
  const before = performance.now();
  const end = await client.end();
  const { events, captures } = await result();
  // What was still on its way is a small part of the whole.
  expect(performance.now() - before).toBeLessThan(ms);
  // On a machine that has much else to do the record may miss some, but it says so.
  expect(events.length - 2 + end.missed).toBeGreaterThanOrEqual(end.up.seen + end.down.seen);
  expect(events.length).toBeGreaterThan(1000);
  // Whole packets up to 32 MB, and the heads of the others; most are the stream's, the rest acknowledge it.
  const captured = captures[0]!.length + captures[1]!.length;
  expect(captured).toBeGreaterThan(Math.min(20_000_000, 400 * events.length));
  expect(await started.end()).toEqual(clean);
});

test("a connection that reads nothing is cut off, and the others go on", async () => {
  const started = start(link());
  using client = await connectLink(started.mux);
  const stuck = await started.mux.open();
  await stuck.write(new TextEncoder().encode('{"v":1,"op":"capture","side":"client"}\n'));
  await using server = await stage.peer("server");
  await using sender = await stage.peer("client");
  await server.sink(50000);
  await client.begin(wire, wire);
  await sender.stream({ host: serverAddress, port: 50000 }, 10_000_000);
  expect(await client.end()).toMatchObject({ up: { lost: 0 } });
  const got = new Uint8Array(65536);
  for (let count; (count = await stuck.read(got)) !== null;) expect(count).toBeGreaterThan(0);
  stuck.close();
  expect(await started.end()).toEqual(clean);
});
