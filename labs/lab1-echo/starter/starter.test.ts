import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;

/** A port that is free at the moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

test("the starter's server sends back the first bytes of a client", async () => {
  const port = freePort();
  const args = ["--port", `${port}`];
  await using server = new TestProgram("lab1", "server", { path: FOLDER, args });
  await server.printed(/^Server listens/);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("hello"));
  const buffer = new Uint8Array(10);
  const length = await connection.read(buffer);
  expect(new TextDecoder().decode(buffer.subarray(0, length!))).toBe("hello");
});

test("the starter's server_once reads once from a client and closes", async () => {
  const port = freePort();
  const path = `${FOLDER}server_once.ts`;
  await using server = new TestProgram("lab1", "server", { path, args: ["--port", `${port}`] });
  await server.printed(/^Server listens/);
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode("hello"));
  expect(await connection.read(new Uint8Array(1))).toBeNull();
  expect((await server.exit()).code).toBe(0);
});

test("the starter's client sends a line and prints what comes back", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const args = ["--host", "127.0.0.1", "--port", `${port}`];
  await using client = new TestProgram("lab1", "client", { path: FOLDER, args });
  using connection = await listener.accept();
  const buffer = new Uint8Array(10);
  const length = await connection.read(buffer);
  await connection.write(buffer.subarray(0, length!));
  expect(await client.exit()).toMatchObject({ code: 0, stdout: ["hello", ""], stderr: [] });
});
