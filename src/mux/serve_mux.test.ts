import { afterEach, beforeEach, expect, test } from "vitest";
import { type Connection, writeAll } from "./connection.ts";
import { acceptMux, MuxClient } from "./mux.ts";
import { serveMux } from "./serve_mux.ts";

type Bytes = Uint8Array<ArrayBuffer>;
const bytes = (text: string) => new TextEncoder().encode(text);
let folder: string, path: string, listener: Deno.UnixListener, mux: MuxClient;
let serving: Promise<void>;
let opened: PromiseWithResolvers<Connection>;

beforeEach(async () => {
  folder = Deno.makeTempDirSync();
  path = `${folder}/x.sock`;
  listener = Deno.listen({ transport: "unix", path });
  const up = new TransformStream<Bytes, Bytes>(), down = new TransformStream<Bytes, Bytes>();
  mux = new MuxClient({ readable: down.readable, writable: up.writable });
  const writer = down.writable.getWriter();
  await Promise.all([writer.write(bytes('{"v":1,"ready":true,"mux":1}\n')), mux.ready]);
  writer.releaseLock();
  opened = Promise.withResolvers();
  acceptMux({ readable: up.readable, writable: down.writable }, (one) => opened.resolve(one));
  serving = serveMux(listener, mux);
});
afterEach(async () => {
  mux.close();
  try {
    listener.close();
  } catch {
    // The test closed it.
  }
  await serving;
  Deno.removeSync(folder, { recursive: true });
});

const connect = () => Deno.connect({ transport: "unix", path });

async function readAll(from: Connection): Promise<string> {
  const into = new Uint8Array(65536);
  let text = "";
  for (let count; (count = await from.read(into)) !== null;) {
    text += new TextDecoder().decode(into.subarray(0, count));
  }
  return text;
}

test("serveMux() leads a socket's connection through; what comes after a half-close still arrives", async () => {
  using near = await connect();
  await writeAll(near, bytes("question"));
  await near.closeWrite();
  const far = await opened.promise;
  expect(await readAll(far)).toBe("question");
  await writeAll(far, bytes("answer"));
  far.close();
  expect(await readAll(near)).toBe("answer");
});

test("serveMux() tells the link of a caller that has gone, waiting or writing", async () => {
  const near = await connect();
  const far = await opened.promise;
  near.close();
  expect(await far.read(new Uint8Array(1))).toBeNull();
  const writing = async () => {
    for (;;) await far.write(new Uint8Array(1000));
  };
  await expect(writing()).rejects.toThrow(Deno.errors.BrokenPipe);
});

test("a caller finds its connection closed where the link has ended", async () => {
  mux.close();
  await mux.ended;
  using near = await connect();
  expect(await near.read(new Uint8Array(1))).toBeNull();
});
