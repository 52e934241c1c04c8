import { afterEach, beforeEach, expect, test } from "vitest";
import { dockerSockets, probeDocker } from "./docker_probe.ts";

let folder: string;
beforeEach(() => {
  folder = Deno.makeTempDirSync();
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

/** Answers one request on a Unix socket with `reply`, or never if that is null. */
function fakeEngine(reply: string | null) {
  const path = `${folder}/docker.sock`;
  const listener = Deno.listen({ transport: "unix", path });
  let held: Deno.Conn | undefined;
  const requests: string[] = [];
  const served = (async () => {
    held = await listener.accept();
    const buffer = new Uint8Array(4096);
    const n = await held.read(buffer);
    requests.push(new TextDecoder().decode(buffer.subarray(0, n ?? 0)));
    if (reply === null) return;
    await held.write(new TextEncoder().encode(reply));
    held.close();
  })();
  return {
    env: (name: string) => name === "DOCKER_HOST" ? `unix://${path}` : undefined,
    path,
    requests,
    async [Symbol.asyncDispose]() {
      await served.catch(() => {});
      try {
        held?.close();
      } catch {
        // closed above
      }
      listener.close();
    },
  };
}

test("probeDocker() returns the version of an engine that answers", async () => {
  await using engine = fakeEngine(
    'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"Version":"26.1.5","KernelVersion":"6.12.1"}\n',
  );
  expect(await probeDocker({ env: engine.env })).toEqual({
    socket: engine.path,
    version: "26.1.5",
    kernel: "6.12.1",
    reason: null,
  });
  expect(engine.requests[0]).toMatch(/^GET \/version HTTP\/1\.0\r\n/);
});

test("probeDocker() says silent of what answers anything else", async () => {
  await using engine = fakeEngine("SSH-2.0-OpenSSH_9.2\r\n");
  expect(await probeDocker({ env: engine.env })).toMatchObject({
    version: null,
    kernel: null,
    reason: "silent",
  });
});

test("probeDocker() gives up on an engine that hangs when the signal says so", async () => {
  await using engine = fakeEngine(null);
  const facts = await probeDocker({ env: engine.env, signal: AbortSignal.timeout(50) });
  expect(facts).toMatchObject({ version: null, kernel: null, reason: "silent" });
});

test("probeDocker() tells a missing socket from a dead one and from a foreign scheme", async () => {
  const at = (host: string) => probeDocker({ env: (n) => n === "DOCKER_HOST" ? host : undefined });
  expect(await at(`unix://${folder}/none.sock`)).toMatchObject({ reason: "absent", socket: null });
  const path = `${folder}/dead.sock`;
  const listener = Deno.listen({ transport: "unix", path });
  // Closing removes no file: what is left is a socket where nobody listens.
  listener.close();
  expect((await at(`unix://${path}`)).reason).toMatch(/^(refused|absent)$/);
  expect(await at("ssh://me@host")).toMatchObject({ reason: "unknown-host" });
});

test("dockerSockets() obeys DOCKER_HOST alone, else looks in the usual places", () => {
  const env = (values: Record<string, string>) => (name: string) => values[name];
  expect(dockerSockets(env({ DOCKER_HOST: "unix:///x.sock", HOME: "/h" }))).toEqual(["/x.sock"]);
  expect(dockerSockets(env({ DOCKER_HOST: "tcp://127.0.0.1:2375" }))).toEqual([
    "tcp://127.0.0.1:2375",
  ]);
  expect(dockerSockets(env({ XDG_RUNTIME_DIR: "/run/user/1", HOME: "/h" }))).toEqual([
    "/var/run/docker.sock",
    "/run/user/1/docker.sock",
    "/h/.docker/run/docker.sock",
  ]);
});
