import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d\n$/;

/** A server at a port of the kernel's choice. */
async function start() {
  const program = new TestProgram("lab4", "server", { args: ["--port", "0"] });
  const match = await program.printed(/^Server listens on TCP 0\.0\.0\.0:(\d+)\n/);
  return Object.assign(program, { port: Number(match[1]) });
}

/** Sends a text in pieces and returns all that comes until the server closes. */
async function ask(port: number, ...pieces: string[]): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  for (const piece of pieces) await connection.write(new TextEncoder().encode(piece));
  return await new Response(connection.readable).text();
}

test("server answers requests with the date in one line each, and goes on", async () => {
  await using server = await start();
  const before = Date.now() - 1_000;
  const answer = await ask(server.port, "What time is it?\n");
  expect(answer).toMatch(DATE);
  const time = Date.parse(answer.trim());
  expect(time).toBeGreaterThanOrEqual(before);
  expect(time).toBeLessThanOrEqual(Date.now());
  expect(await ask(server.port, "And", " now?\n")).toMatch(DATE);
  (await Deno.connect({ hostname: "127.0.0.1", port: server.port })).close();
  expect(await ask(server.port, "\n")).toMatch(DATE);
});

test("server answers a request that ends with the stream, and none of more than 1,024 bytes", async () => {
  await using server = await start();
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  await connection.write(new TextEncoder().encode("Now?"));
  await connection.closeWrite();
  expect(await new Response(connection.readable).text()).toMatch(DATE);
  expect(await ask(server.port, "x".repeat(1_024))).toBe("");
  await server.printed(/^server: lost a client: a request of more than 1024 bytes\n/, "stderr");
});

test("server stops with one line and status 0 while it waits for a request", async () => {
  await using server = await start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: server.port });
  server.signal("SIGINT");
  const { code, stdout, stderr } = await server.exit();
  expect({ code, stdout: stdout.slice(1), stderr })
    .toEqual({ code: 0, stdout: ["Server stopped"], stderr: [] });
  // Reset where the server had not accepted it yet.
  expect(await connection.read(new Uint8Array(1)).catch(({ name }) => name))
    .toBeOneOf([null, "ConnectionReset"]);
});

test("client asks with each line on a connection of its own, and prints the answers", async () => {
  await using server = await start();
  await using client = new TestProgram("lab4", "client", {
    args: ["--host", "127.0.0.1", "--port", `${server.port}`],
    input: "one\ntwo",
  });
  const { code, stdout, stderr } = await client.exit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
  expect(stdout).toHaveLength(2);
  for (const line of stdout) expect(`${line}\n`).toMatch(DATE);
});

test("client says that an answer has no end, and that it was refused", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const start = () =>
    new TestProgram("lab4", "client", {
      args: ["--host", "127.0.0.1", "--port", `${port}`],
      input: "one\n",
    });
  await using cut = start();
  const connection = await listener.accept();
  await connection.read(new Uint8Array(10));
  await connection.write(new TextEncoder().encode("2026-11"));
  connection.close();
  expect(await cut.exit()).toMatchObject({
    code: 1,
    stdout: ["2026-11"],
    stderr: [`client: 127.0.0.1:${port} closed the connection before the end of an answer`],
  });
  listener.close();
  await using refused = start();
  expect(await refused.exit()).toMatchObject({
    code: 1,
    stderr: [`client: 127.0.0.1:${port} refused the connection: start the server first`],
  });
});
