/** A peer's sockets as checks use them: what goes wrong at the other end fails the check, in words. */
import { byteCount, firstDifference, sameBytes, toBytes } from "./bytes.ts";
import type { Bytes, Datagram, Datagrams, Listener, Stream } from "./check.ts";
import { CheckFailure } from "./failure.ts";
import type { PeerFault } from "./peer/protocol.ts";
import { type Answered, type PeerClient, PeerError } from "./peer_client.ts";
import { type Awaited, describeFault } from "./peer_fault.ts";
import type { PeerRequest } from "./peer/protocol.ts";

/** What sockets stand on. */
export interface SocketContext {
  peer: PeerClient;
  /** Who is at the other end. */
  whom: "server" | "client";
  /** A number that no other socket of the peer has. */
  fresh: () => number;
  /** Told when the program has connected or sent. */
  heard: () => void;
  /** Waits until the program has read what the peer sent it on a connection, or it is plain that it does not. */
  read: (local: string, remote: string) => Promise<void>;
}

/** What is known of a request when it fails. */
interface Asked extends Partial<Awaited> {
  expected?: Bytes;
  local?: string;
}

const ENDED = new Set<PeerFault>(["refused", "reset", "end", "timeout", "absent"]);

/** Asks a peer; what it met at the other end fails the check. */
export async function askOrFail(
  { peer, whom }: Pick<SocketContext, "peer" | "whom">,
  request: PeerRequest,
  { what = "it", expected, local }: Asked = {},
  bytes?: Uint8Array,
): Promise<Answered> {
  try {
    return await peer.ask(request, bytes);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    const { fault, bytes: actual, message } = error;
    // A fault of ours is not to be taken for the program's.
    if (fault === "other" || fault === "gone") {
      throw new Error(`A peer could not ${request.op}: ${message}`);
    }
    throw new CheckFailure(describeFault(fault, { whom, what, came: actual.length }), {
      ...(expected === undefined ? {} : { expected, actual }),
      ...(expected === undefined && actual.length > 0 ? { actual } : {}),
      ...(local === undefined ? {} : { peer: local }),
      mayHaveEnded: ENDED.has(fault),
    });
  }
}

/** Returns a connection that a peer has made under a number. */
export function streamOf(context: SocketContext, socket: number, made: Answered): Stream {
  const local = made.local!, remote = made.remote!;
  const other = `the ${context.whom}`;
  const ask = (request: PeerRequest, asked: Asked = {}, bytes?: Uint8Array) =>
    askOrFail(context, request, { ...asked, local }, bytes);
  const stream: Stream = {
    local,
    remote,
    async send(bytes) {
      const data = toBytes(bytes);
      await ask(
        { op: "send", socket },
        { what: `${other} to take ${byteCount(data.length)}` },
        data,
      );
    },
    async sendApart(pieces) {
      for (const piece of pieces) {
        await stream.send(piece);
        await context.peer.ask({ op: "queue", which: "sent", local, remote, ticks: 60 });
        await context.read(remote, local);
      }
    },
    pour(bytes) {
      const done = context.peer.ask({ op: "pour", socket }, bytes)
        .then(({ taken = 0 }) => taken);
      done.catch(() => {}); // Whoever waits for it sees the error; nobody may come to wait.
      return { done };
    },
    async read(length) {
      const request = { op: "read", socket, until: "length", length } as const;
      return (await ask(request, { what: byteCount(length) })).bytes;
    },
    async readLine() {
      const { bytes } = await ask({ op: "read", socket, until: "line" }, { what: "a line" });
      return bytes.subarray(0, bytes.at(-2) === 0x0d ? -2 : -1);
    },
    async readToEnd() {
      return (await ask({ op: "read", socket, until: "end" }, { what: "the end of the stream" }))
        .bytes;
    },
    async expect(bytes) {
      const expected = toBytes(bytes);
      const request = { op: "read", socket, until: "length", length: expected.length } as const;
      const what = byteCount(expected.length);
      const { bytes: actual } = await ask(request, { what, expected });
      compare(actual, expected, local);
    },
    async expectEnd() {
      const asked = { what: "the end of the stream", expected: "" };
      const { bytes } = await ask({ op: "read", socket, until: "end" }, asked);
      if (bytes.length === 0) return;
      throw new CheckFailure(
        `${byteCount(bytes.length)} came, where the end of the stream was expected`,
        { expected: "", actual: bytes, peer: local },
      );
    },
    async closed() {
      const what = `${other} to close the connection`;
      return (await ask({ op: "read", socket, until: "close" }, { what })).how!;
    },
    async closeWrite() {
      await ask({ op: "shut", socket });
    },
    async close() {
      await ask({ op: "close", socket });
    },
    async reset() {
      await ask({ op: "reset", socket });
    },
  };
  return stream;
}

/** Fails unless the bytes are the same. */
export function compare(actual: Uint8Array, expected: Uint8Array, peer?: string): void {
  if (sameBytes(actual, expected)) return;
  const at = firstDifference(actual, expected);
  const what = actual.length === expected.length || at < Math.min(actual.length, expected.length)
    ? `Other bytes came than expected: byte ${(at + 1).toLocaleString("en-US")} is another one`
    : `${byteCount(actual.length)} came instead of ${expected.length.toLocaleString("en-US")}`;
  throw new CheckFailure(what, {
    expected,
    actual,
    ...(peer === undefined ? {} : { peer }),
  });
}

/** Returns what takes connections under a number. */
export function listenerOf(context: SocketContext, socket: number): Listener {
  return {
    async accept() {
      const as = context.fresh();
      const what = `the ${context.whom} to connect`;
      const made = await askOrFail(context, { op: "accept", socket, as }, { what });
      context.heard();
      return streamOf(context, as, made);
    },
    async close() {
      await context.peer.ask({ op: "close", socket });
    },
  };
}

/** Returns a socket of UDP under a number, which sends to `server` or, where there is none, to who sent last. */
export function datagramsOf(
  context: SocketContext,
  socket: number,
  { local, server }: { local: string; server?: string },
): Datagrams {
  let last = server;
  const asked = { what: "a datagram", local };
  return {
    local,
    async send(bytes, to = last) {
      if (to === undefined) throw new Error("Say to whom to send: nobody has sent anything yet");
      const [host = "", port = ""] = to.split(":");
      const data = toBytes(bytes);
      await context.peer.ask({ op: "to", socket, host, port: Number(port) }, data);
    },
    async receive(): Promise<Datagram> {
      const { bytes, from } = await askOrFail(context, { op: "receive", socket }, asked);
      context.heard();
      last = server ?? from;
      return { bytes, from: from! };
    },
    async expect(bytes, from = server) {
      const expected = toBytes(bytes);
      const what = `a datagram of ${byteCount(expected.length)}`;
      const got = await askOrFail(context, { op: "receive", socket }, { what, local, expected });
      context.heard();
      last = server ?? got.from;
      if (from !== undefined && got.from !== from) {
        throw new CheckFailure(`A datagram came from ${got.from}, not from ${from}`, {
          expected,
          actual: got.bytes,
          peer: local,
        });
      }
      compare(got.bytes, expected, local);
    },
    async pending() {
      const { list = [], bytes } = await context.peer.ask({ op: "pending", socket });
      let at = 0;
      return list.map(({ from, length }) => ({ from, bytes: bytes.slice(at, at += length) }));
    },
    async close() {
      await context.peer.ask({ op: "close", socket });
    },
  };
}
