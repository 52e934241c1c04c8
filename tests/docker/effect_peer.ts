/**
 * A server, and a client that measures what the network between them does; each prints what it found as JSON.
 *
 * ```sh
 * deno run -A --unstable-net effect_peer.ts serve 7000               # UDP: echo; TCP: a megabyte to whoever connects
 * deno run -A --unstable-net effect_peer.ts ask server 7000 20 10    # 20 numbered datagrams, 10 ms apart
 * deno run -A --unstable-net effect_peer.ts drain server 7000
 * ```
 */

/** What `ask` heard: for each number the round-trip times of its answers, in milliseconds. */
export type Heard = Record<number, number[]>;

/** What `drain` got: bytes, and milliseconds from the first to the last of them. */
export interface Drained {
  bytes: number;
  ms: number;
}

const BYTES = 1 << 20;
/** How long answers are waited for after the last datagram. */
const QUIET_MS = 1000;

const [mode, ...args] = Deno.args;
if (mode === "serve") await serve(Number(args[0]));
if (mode === "ask") {
  const [host = "", port, count, interval] = args;
  const options = { host, port: Number(port), count: Number(count), interval: Number(interval) };
  console.log(JSON.stringify(await ask(options)));
}
if (mode === "drain") console.log(JSON.stringify(await drain(args[0]!, Number(args[1]))));

async function serve(port: number): Promise<void> {
  const datagrams = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port });
  const streams = Deno.listen({ port });
  void (async () => {
    for await (const [bytes, from] of datagrams) await datagrams.send(bytes, from);
  })();
  for await (const connection of streams) {
    void new Blob([new Uint8Array(BYTES)]).stream().pipeTo(connection.writable).catch(() => {});
  }
}

async function ask(
  { host, port, count, interval }: {
    host: string;
    port: number;
    count: number;
    interval: number;
  },
): Promise<Heard> {
  const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 0 });
  const heard: Heard = {};
  const sent: number[] = [];
  void (async () => {
    for await (const [bytes] of socket) {
      const number = Number(new TextDecoder().decode(bytes));
      (heard[number] ??= []).push(performance.now() - sent[number]!);
    }
  })();
  for (let number = 1; number <= count; number++) {
    sent[number] = performance.now();
    const to = { transport: "udp" as const, hostname: host, port };
    await socket.send(new TextEncoder().encode(`${number}`), to);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  socket.close();
  return heard;
}

async function drain(hostname: string, port: number): Promise<Drained> {
  const connection = await Deno.connect({ hostname, port });
  let bytes = 0, begun = 0;
  for await (const chunk of connection.readable) {
    begun ||= performance.now();
    bytes += chunk.length;
  }
  return { bytes, ms: performance.now() - begun };
}
