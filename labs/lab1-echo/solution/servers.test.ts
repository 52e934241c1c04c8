import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;
const SERVERS = ["server", "server_once"];

/** A server at a port of the kernel's choice. */
async function start(name: string, ...args: string[]) {
  const path = `${FOLDER}${name}.ts`;
  const program = new TestProgram("lab1", "server", { path, args: ["--port", "0", ...args] });
  const match = await program.printed(/^Server listens on TCP 0\.0\.0\.0:(\d+)\n/);
  return Object.assign(program, { port: Number(match[1]) });
}

const connect = (port: number) => Deno.connect({ hostname: "127.0.0.1", port });

/** Sends text and, unless told otherwise, ends the stream; returns all that comes back. */
async function echo(port: number, text: string, { end = true } = {}): Promise<string> {
  const connection = await connect(port);
  await connection.write(new TextEncoder().encode(text));
  if (end) await connection.closeWrite();
  return await new Response(connection.readable).text();
}

test("server sends back what comes until the client's end, to several clients at once", async () => {
  await using server = await start("server");
  using _silent = await connect(server.port);
  expect(await echo(server.port, "one\ntwo\n")).toBe("one\ntwo\n");
  expect(await echo(server.port, "")).toBe("");
  expect(await echo(server.port, "x".repeat(1_000_000))).toBe("x".repeat(1_000_000));
});

test("server_once sends back what one read brings, closes, and serves the next client", async () => {
  await using server = await start("server_once");
  expect(await echo(server.port, "one\n", { end: false })).toBe("one\n");
  expect(await echo(server.port, "")).toBe("");
  expect(await echo(server.port, "two\n", { end: false })).toBe("two\n");
});

test.each(SERVERS)(
  "%s stops with one line and status 0 while a client is connected",
  async (name) => {
    await using server = await start(name);
    using connection = await connect(server.port);
    server.signal("SIGTERM");
    const { code, stdout, stderr } = await server.exit();
    expect({ code, stdout: stdout.slice(1), stderr })
      .toEqual({ code: 0, stdout: ["Server stopped"], stderr: [] });
    // Reset where the server had not accepted it yet.
    expect(await connection.read(new Uint8Array(1)).catch(({ name }) => name))
      .toBeOneOf([null, "ConnectionReset"]);
    Deno.listen({ hostname: "0.0.0.0", port: server.port }).close();
  },
);

test.each(SERVERS)("%s says in one line that its port is taken", async (name) => {
  using holder = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = holder.addr as Deno.NetAddr;
  const path = `${FOLDER}${name}.ts`;
  await using server = new TestProgram("lab1", "server", { path, args: ["--port", `${port}`] });
  const { code, stderr } = await server.exit();
  const advice = "stop the program that has it, or choose another with --port";
  expect({ code, stderr })
    .toEqual({ code: 1, stderr: [`server: port ${port} is taken: ${advice}`] });
});

test.each(SERVERS)("%s refuses an option that it does not know, with status 2", async (name) => {
  const path = `${FOLDER}${name}.ts`;
  await using server = new TestProgram("lab1", "server", { path, args: ["--prot", "7"] });
  const { code, stderr } = await server.exit();
  expect({ code, stderr }).toEqual({ code: 2, stderr: ["server: unknown option --prot"] });
});
