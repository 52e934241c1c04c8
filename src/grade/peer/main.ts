/**
 * A peer: the other end of a check's conversations, on a host of the testbed. It does what frames on its standard input
 * say, many things at once, and answers on its standard output; it ends with its input.
 */
import { encodeFrame, readFrames } from "./frames.ts";
import { joined } from "./joined.ts";
import { AFTERWARDS, patient, TICK_MS } from "./patience.ts";
import { parseProcNet, timeWaitsIn } from "./proc_net.ts";
import type { PeerAnswer, PeerRequest, SocketEntry } from "./protocol.ts";
import { Acceptor, Connection, connectTo, listenOn, PeerProblem } from "./tcp.ts";
import { endLeft } from "./left_connections.ts";
import { DatagramSocket } from "./udp.ts";

type Outcome = PeerAnswer & { bytes?: Uint8Array };

const sockets = new Map<number, Connection | Acceptor | DatagramSocket>();
/** Aborted by `clear`: a connection that is not made by then is not to be made any more. */
let clearing = new AbortController();
const output = Deno.stdout.writable.getWriter();

for await (const { head, bytes } of readFrames(Deno.stdin.readable)) {
  void answer(head as unknown as PeerRequest & { id: number }, bytes);
}
Deno.exit(0);

async function answer(request: PeerRequest & { id: number }, bytes: Uint8Array): Promise<void> {
  const { id } = request;
  try {
    const { bytes: told, ...rest } = await act(request, bytes);
    await output.write(encodeFrame({ id, ok: true, ...rest }, told));
  } catch (error) {
    const { fault, bytes: came } = error instanceof PeerProblem
      ? error
      : { fault: "other", bytes: undefined };
    await output.write(
      encodeFrame({ id, ok: false, fault, message: `${(error as Error).message}` }, came),
    );
  }
}

async function act(request: PeerRequest, bytes: Uint8Array): Promise<Outcome> {
  switch (request.op) {
    case "connect":
      return await add(request.socket, (signal) => connectTo(request.host, request.port, signal));
    case "listen":
      sockets.set(request.socket, await listenOn(request.port));
      return {};
    case "accept":
      return await add(request.as, () => the(request.socket, Acceptor).accept());
    case "send":
      await the(request.socket, Connection).send(bytes);
      return {};
    case "pour":
      return { taken: await the(request.socket, Connection).pour(bytes) };
    case "read":
      return await read(the(request.socket, Connection), request);
    case "shut":
      await the(request.socket, Connection).shut();
      return {};
    case "close":
      return await close(request.socket);
    case "reset":
      the(request.socket, Connection).reset();
      return {};
    case "bind": {
      const socket = new DatagramSocket(request.port, request.clientStarts ?? false);
      sockets.set(request.socket, socket);
      return { local: `${ownAddress()}:${socket.port}` };
    }
    case "to":
      await the(request.socket, DatagramSocket).send(bytes, request.host, request.port);
      return {};
    case "receive":
      return await the(request.socket, DatagramSocket).receive();
    case "pending": {
      const list = the(request.socket, DatagramSocket).pending();
      return {
        list: list.map(({ from, bytes }) => ({ from, length: bytes.length })),
        bytes: joined(list.map(({ bytes }) => bytes)),
      };
    }
    case "queue":
      return { empty: await emptied(request) };
    case "sockets":
      return { sockets: listSockets() };
    case "timeWaits":
      return { timeWaits: timeWaitsIn(Deno.readTextFileSync("/proc/net/sockstat")) };
    case "address":
      return { local: ownAddress() };
    case "endLeft":
      await endLeft(request.host, request.port, request.ports);
      return {};
    case "hurry":
      patient.limit(AFTERWARDS);
      return {};
    case "calm":
      patient.limit(Infinity);
      return {};
    case "clear":
      patient.limit(Infinity);
      clearing.abort();
      clearing = new AbortController();
      for (const number of [...sockets.keys()]) {
        const socket = sockets.get(number)!;
        sockets.delete(number);
        if (socket instanceof Connection) socket.reset();
        else socket.close();
      }
      return {};
  }
}

async function add(
  number: number,
  make: (signal: AbortSignal) => Promise<Connection>,
): Promise<Outcome> {
  const { signal } = clearing;
  const connection = await make(signal);
  if (signal.aborted) {
    connection.reset();
    throw new PeerProblem("gone", "closed");
  }
  sockets.set(number, connection);
  return { local: connection.local, remote: connection.remote };
}

function the<T>(number: number, kind: new (...args: never[]) => T): T {
  const socket = sockets.get(number);
  if (!(socket instanceof kind)) throw new PeerProblem("gone", "closed");
  return socket;
}

async function read(
  connection: Connection,
  request: PeerRequest & { op: "read" },
): Promise<Outcome> {
  switch (request.until) {
    case "length":
      return { bytes: await connection.read(request.length) };
    case "line":
      return { bytes: await connection.readLine() };
    case "end":
      return { bytes: await connection.readToEnd() };
    case "close":
      return { how: await connection.closed() };
  }
}

async function close(number: number): Promise<Outcome> {
  const socket = sockets.get(number);
  sockets.delete(number);
  await socket?.close();
  return {};
}

/** Whether a queue of the kernel's becomes empty within so many ticks. */
async function emptied({ which, local, remote, ticks }: PeerRequest & { op: "queue" }) {
  let over = false;
  const off = patient.start(ticks, () => over = true);
  try {
    for (;;) {
      const entry = listSockets().find((one) => one.local === local && one.remote === remote);
      if (entry === undefined || entry[which] === 0) return true;
      if (over) return false;
      await new Promise((resolve) => setTimeout(resolve, TICK_MS / 25));
    }
  } finally {
    off();
  }
}

function listSockets(): SocketEntry[] {
  return ["tcp", "tcp6"].flatMap((name) => {
    try {
      return parseProcNet(Deno.readTextFileSync(`/proc/net/${name}`));
    } catch {
      return []; // A kernel without IPv6 has none of its files.
    }
  });
}

function ownAddress(): string {
  const own = Deno.networkInterfaces().find(({ family, address }) =>
    family === "IPv4" && !address.startsWith("127.")
  );
  return own?.address ?? "0.0.0.0";
}
