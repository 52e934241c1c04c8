/**
 * One end of a conversation, driven by a test: JSON lines in, JSON lines out, one answer a request. Sockets are opened
 * in the namespace where this runs.
 */
import { createHash } from "node:crypto";
import { joinPort } from "../../src/packet/mod.ts";
import { TextLineStream } from "./text_lines.ts";
import { fillPayload, isIntact, type PeerAnswer, type PeerRequest, readNumber } from "./payload.ts";

let udp: Deno.DatagramConn | null = null;
let received: { n: number; size: number; intact: boolean; from: string; atMs: number }[] = [];
let arrived = Promise.withResolvers<void>();
/** Bytes of a write: 45 segments, so that no segment is cut short because its writer was late. */
const wholeSegments = 45 * 1448;

let sink: Promise<{ bytes: number; sha256: string }> | null = null;

async function receive(conn: Deno.DatagramConn, echo: boolean): Promise<void> {
  const buffer = new Uint8Array(65536);
  for (;;) {
    const [data, from] = await conn.receive(buffer);
    const { hostname, port } = from as Deno.NetAddr;
    received.push({
      n: readNumber(data),
      size: data.length,
      intact: isIntact(data),
      from: joinPort(hostname, port),
      atMs: performance.now(),
    });
    if (echo) await conn.send(data.slice(), from);
    arrived.resolve();
    arrived = Promise.withResolvers();
  }
}

async function send(request: PeerRequest & { op: "send" }): Promise<void> {
  const to: Deno.NetAddr = { transport: "udp", hostname: request.host, port: request.port };
  const payload = new Uint8Array(request.size);
  for (let n = request.first; n < request.first + request.count; n++) {
    fillPayload(payload, n);
    await udp!.send(payload, to);
  }
}

async function wait(count: number, ms: number): Promise<void> {
  const deadline = performance.now() + ms;
  while (received.length < count && performance.now() < deadline) {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, deadline - performance.now());
    await Promise.race([arrived.promise, late.promise]);
    clearTimeout(timer);
  }
}

/** Takes one connection to its end and answers it with its digest. */
async function takeStream(listener: Deno.TcpListener): Promise<{ bytes: number; sha256: string }> {
  const conn = await listener.accept();
  listener.close();
  const hash = createHash("sha256"), buffer = new Uint8Array(256 * 1024);
  let bytes = 0;
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) break;
    hash.update(buffer.subarray(0, count));
    bytes += count;
  }
  const sha256 = hash.digest("hex");
  await conn.write(new TextEncoder().encode(sha256));
  conn.close();
  return { bytes, sha256 };
}

/** Sends so many bytes, and waits for the digest that comes back. */
async function stream(host: string, port: number, bytes: number): Promise<PeerAnswer> {
  const conn = await Deno.connect({ hostname: host, port });
  const started = performance.now();
  const hash = createHash("sha256"), block = new Uint8Array(wholeSegments);
  for (let left = bytes, n = 1; left > 0; n++) {
    fillPayload(block, n);
    const part = block.subarray(0, Math.min(block.length, left));
    hash.update(part);
    for (let done = 0; done < part.length;) done += await conn.write(part.subarray(done));
    left -= part.length;
  }
  await conn.closeWrite();
  const remote = await new Response(conn.readable).text();
  return { sha256: hash.digest("hex"), remote, ms: performance.now() - started };
}

async function obey(request: PeerRequest): Promise<PeerAnswer> {
  switch (request.op) {
    case "udp": {
      udp = Deno.listenDatagram({ transport: "udp", hostname: request.host, port: request.port });
      receive(udp, request.echo).catch(() => {});
      return {};
    }
    case "send":
      await send(request);
      return {};
    case "received":
      await wait(request.count, request.ms);
      return { received };
    case "forget":
      received = [];
      return {};
    case "sink":
      sink = takeStream(Deno.listen({ hostname: request.host, port: request.port }));
      return {};
    case "sunk":
      return await sink!;
    case "stream":
      return await stream(request.host, request.port, request.bytes);
  }
}

console.log("{}");
for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
  let answer: PeerAnswer;
  try {
    answer = await obey(JSON.parse(line));
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  console.log(JSON.stringify(answer));
}
Deno.exit();
