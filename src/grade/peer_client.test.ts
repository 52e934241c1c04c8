/** A peer as the bench has it, on this machine's loopback. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { RunningProgram } from "../engine/mod.ts";
import { type Answered, PeerClient, PeerError } from "./peer_client.ts";
import { peerProgram } from "./peer_program.ts";
import type { PeerRequest } from "./peer/protocol.ts";

// Patience: a busy machine takes ten times as long.
vi.setConfig({ testTimeout: 120_000 });

const HOST = "127.0.0.1";
let peer: PeerClient;
let sockets = 0;

beforeAll(async () => {
  peer = await PeerClient.start((input) => Promise.resolve(spawn(input)));
});
afterAll(() => peer[Symbol.asyncDispose]());

function spawn(input: ReadableStream<Uint8Array>): RunningProgram {
  const [command, ...args] = peerProgram().command;
  const child = new Deno.Command(command!, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // As engines do.
  void input.pipeTo(child.stdin, { preventCancel: true }).catch(() => {});
  return {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited: child.status.then(({ code, signal }) => ({ code, signal })),
    kill: (signal) => child.kill(signal),
    memory: () => Promise.resolve(null),
    processes: () => Promise.resolve(null),
    rests: () => Promise.resolve(null),
    async [Symbol.asyncDispose]() {
      await child.status;
    },
  };
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const text = ({ bytes }: Answered) => new TextDecoder().decode(bytes);

/** The fault with which a request ends, and the bytes that came before. */
async function fault(request: PeerRequest): Promise<[string, number]> {
  const error = await peer.ask(request).catch((error) => error);
  expect(error).toBeInstanceOf(PeerError);
  return [(error as PeerError).fault, (error as PeerError).bytes.length];
}

/** Two ends of a connection. */
async function pair(): Promise<{ client: number; server: number }> {
  const [listener, client, server] = [++sockets, ++sockets, ++sockets];
  const port = freePort();
  await peer.ask({ op: "listen", socket: listener, port });
  await peer.ask({ op: "connect", socket: client, host: HOST, port });
  await peer.ask({ op: "accept", socket: listener, as: server });
  return { client, server };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: HOST, port: 0 });
  return listener.addr.port;
}

test("a peer sends, and reads so many bytes, a line, all to the end", async () => {
  const { client, server } = await pair();
  await peer.ask({ op: "send", socket: client }, utf8("hello\nworld and the rest"));
  await peer.ask({ op: "shut", socket: client });
  expect(text(await peer.ask({ op: "read", socket: server, until: "line" }))).toBe("hello\n");
  const five = { op: "read", socket: server, until: "length", length: 5 } as const;
  expect(text(await peer.ask(five))).toBe("world");
  expect(text(await peer.ask({ op: "read", socket: server, until: "end" }))).toBe(" and the rest");
});

test("a peer reads on after it has ended its own side", async () => {
  const { client, server } = await pair();
  await peer.ask({ op: "shut", socket: client });
  await peer.ask({ op: "send", socket: server }, utf8("still here"));
  const ten = { op: "read", socket: client, until: "length", length: 10 } as const;
  expect(text(await peer.ask(ten))).toBe("still here");
});

test("a peer tells the end of the stream from a reset, and what came before", async () => {
  const one = await pair(), other = await pair();
  await peer.ask({ op: "send", socket: one.server }, utf8("abc"));
  await peer.ask({ op: "close", socket: one.server });
  expect(await fault({ op: "read", socket: one.client, until: "length", length: 5 }))
    .toEqual(["end", 3]);
  await peer.ask({ op: "reset", socket: other.server });
  expect((await peer.ask({ op: "read", socket: other.client, until: "close" })).how).toBe("reset");
  expect(await fault({ op: "read", socket: other.client, until: "end" })).toEqual(["reset", 0]);
});

test("a peer that does not read makes who pours wait, and takes all in the end", async () => {
  const { client, server } = await pair();
  const size = 8 << 20;
  let poured = false;
  const done = peer.ask({ op: "pour", socket: client }, new Uint8Array(size));
  void done.then(() => poured = true);
  await peer.ask({ op: "send", socket: server }, utf8("meanwhile"));
  await peer.ask({ op: "read", socket: client, until: "length", length: 9 });
  expect(poured).toBe(false);
  const all = await peer.ask({ op: "read", socket: server, until: "length", length: size });
  expect(all.bytes.length).toBe(size);
  expect((await done).taken).toBe(size);
});

test("a peer is refused where nobody listens", async () => {
  expect(await fault({ op: "connect", socket: ++sockets, host: HOST, port: freePort() }))
    .toEqual(["refused", 0]);
});

test("a peer loses patience, sooner where it was told to hurry", async () => {
  await using calm = await PeerClient.start((input) => Promise.resolve(spawn(input)));
  await calm.ask({ op: "bind", socket: 1, port: 0 });
  const { client } = await pair();
  await peer.ask({ op: "hurry" });
  const ended: string[] = [];
  const calmEnds = calm.ask({ op: "receive", socket: 1 }).catch(({ fault }: PeerError) => fault)
    .finally(() => ended.push("calm"));
  expect(await fault({ op: "read", socket: client, until: "line" })).toEqual(["timeout", 0]);
  expect(ended).toEqual([]);
  expect(await calmEnds).toBe("timeout");
  await peer.ask({ op: "calm" });
});

test("a peer has more patience with the first who comes: it may only be starting", async () => {
  const { client } = await pair();
  const [listener, late, server] = [++sockets, ++sockets, ++sockets];
  const port = freePort();
  await peer.ask({ op: "listen", socket: listener, port });
  const accepted = peer.ask({ op: "accept", socket: listener, as: server });
  expect(await fault({ op: "read", socket: client, until: "line" })).toEqual(["timeout", 0]);
  await peer.ask({ op: "connect", socket: late, host: HOST, port });
  await accepted;
});

test("a peer tells who never came from who came and fell silent", async () => {
  const [listener, bound] = [++sockets, ++sockets];
  await peer.ask({ op: "listen", socket: listener, port: freePort() });
  await peer.ask({ op: "bind", socket: bound, port: 0, clientStarts: true });
  await peer.ask({ op: "hurry" });
  expect(await fault({ op: "accept", socket: listener, as: ++sockets })).toEqual(["absent", 0]);
  expect(await fault({ op: "receive", socket: bound })).toEqual(["absent", 0]);
  await peer.ask({ op: "calm" });
});

test("a peer holds 50 connections at once, and answers them in any order", async () => {
  const port = freePort();
  const listener = ++sockets;
  await peer.ask({ op: "listen", socket: listener, port });
  const pairs = await Promise.all(Array.from({ length: 50 }, async () => {
    const [client, server] = [++sockets, ++sockets];
    const { local } = await peer.ask({ op: "connect", socket: client, host: HOST, port });
    return { client, server, local };
  }));
  const accepted = new Map<string, number>();
  for (const { server } of pairs) {
    const { remote } = await peer.ask({ op: "accept", socket: listener, as: server });
    accepted.set(remote!, server);
  }
  await Promise.all(
    pairs.reverse().map(async ({ client, local }) => {
      await peer.ask({ op: "send", socket: accepted.get(local!)! }, utf8(`${local}\n`));
      expect(text(await peer.ask({ op: "read", socket: client, until: "line" }))).toBe(
        `${local}\n`,
      );
    }),
  );
});

test("a peer's datagrams come with their senders, the empty and the largest too", async () => {
  const [one, other] = [++sockets, ++sockets];
  const port = freePort();
  await peer.ask({ op: "bind", socket: one, port });
  await peer.ask({ op: "bind", socket: other, port: 0 });
  for (const length of [0, 1, 65_507]) {
    await peer.ask({ op: "to", socket: other, host: HOST, port }, new Uint8Array(length).fill(7));
    const { bytes, from } = await peer.ask({ op: "receive", socket: one });
    expect(bytes).toEqual(new Uint8Array(length).fill(7));
    expect(from).toMatch(/^127\.0\.0\.1:\d+$/);
  }
  expect((await peer.ask({ op: "pending", socket: one })).list).toEqual([]);
});

test("a peer lists the host's sockets, and sees when what was sent has been read", async () => {
  const [listener, accepted] = [++sockets, ++sockets];
  const port = freePort();
  await peer.ask({ op: "listen", socket: listener, port });
  // Not the peer's: nothing reads ahead there.
  using outside = await Deno.connect({ hostname: HOST, port });
  const { local = "", remote = "" } = await peer.ask({
    op: "accept",
    socket: listener,
    as: accepted,
  });
  const { sockets: list = [] } = await peer.ask({ op: "sockets" });
  expect(list).toContainEqual(
    { local, remote, state: 1, sent: 0, unread: 0 },
  );
  await peer.ask({ op: "send", socket: accepted }, utf8("abc"));
  const unread = { op: "queue", which: "unread", local: remote, remote: local } as const;
  expect((await peer.ask({ ...unread, ticks: 3 })).empty).toBe(false);
  const read = peer.ask({ ...unread, ticks: 60 });
  await outside.read(new Uint8Array(3));
  expect((await read).empty).toBe(true);
});

test("two who wait for connections at once get one each", async () => {
  const port = freePort();
  const [listener, one, other] = [++sockets, ++sockets, ++sockets];
  await peer.ask({ op: "listen", socket: listener, port });
  const accepted = [one, other].map((as) => peer.ask({ op: "accept", socket: listener, as }));
  const connected = await Promise.all(
    [1, 2].map(() => peer.ask({ op: "connect", socket: ++sockets, host: HOST, port })),
  );
  const remotes = (await Promise.all(accepted)).map(({ remote }) => remote);
  expect(remotes.sort()).toEqual(connected.map(({ local }) => local).sort());
});

test("a line without an end is a flood, not a wait for ever", async () => {
  const { client, server } = await pair();
  const poured = peer.ask({ op: "pour", socket: server }, new Uint8Array(4 << 20).fill(0x61));
  poured.catch(() => {});
  expect(await fault({ op: "read", socket: client, until: "line" })).toEqual(["flood", 0]);
});

test("clear ends an attempt to connect that is under way", async () => {
  const port = freePort();
  const script = `import net from "node:net";
    net.createServer().listen({ host: "${HOST}", port: ${port}, backlog: 1 }, () => console.log());`;
  await using server = new Deno.Command(Deno.execPath(), {
    args: ["eval", script],
    stdout: "piped",
  }).spawn();
  const output = server.stdout.getReader();
  await output.read();
  // Who is stopped accepts nothing: the kernel takes two for it, and answers no further one.
  server.kill("SIGSTOP");
  const connect = () => peer.ask({ op: "connect", socket: ++sockets, host: HOST, port });
  await Promise.all([connect(), connect()]);
  const third = connect().catch((error: PeerError) => error.fault);
  const began = performance.now();
  await peer.ask({ op: "clear" });
  expect(await third).toBe("gone");
  expect(performance.now() - began).toBeLessThan(2000);
  server.kill("SIGKILL");
  await output.cancel();
});

test("a peer that reads no more can be ended all the same", async () => {
  let pid = 0;
  const other = await PeerClient.start((input) => {
    const program = spawn(input);
    pid = program.pid!;
    return Promise.resolve(program);
  });
  Deno.kill(pid, "SIGSTOP");
  const asked = Array.from(
    { length: 3 },
    () =>
      other.ask({ op: "pour", socket: 1 }, new Uint8Array(4 << 20))
        .catch((error) => `${error}`),
  );
  await other[Symbol.asyncDispose]();
  expect((await Promise.all(asked)).every((one) => /A peer has ended/.test(`${one}`))).toBe(true);
});

test("clear closes everything, with a reset", async () => {
  const { client } = await pair();
  const port = freePort();
  await peer.ask({ op: "listen", socket: ++sockets, port });
  const outside = await Deno.connect({ hostname: HOST, port });
  await peer.ask({ op: "accept", socket: sockets, as: ++sockets });
  await peer.ask({ op: "clear" });
  await expect(outside.read(new Uint8Array(1))).rejects.toThrow(/reset/i);
  outside.close();
  expect(await fault({ op: "read", socket: client, until: "line" })).toEqual(["gone", 0]);
  await expect(Deno.connect({ hostname: HOST, port })).rejects.toThrow(/refused/i);
});
