import { expect, test } from "vitest";
import { TestProgram, TestSocket } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;

test("the starter's server runs and sends datagrams back unchanged", async () => {
  using free = new TestSocket();
  const { port } = free;
  free[Symbol.dispose]();
  await using server = new TestProgram("lab3", "server", {
    path: FOLDER,
    args: ["--port", `${port}`],
  });
  await server.printed(/^Server listens/);
  using client = new TestSocket();
  await client.send("hello", port);
  expect((await client.receive()).text).toBe("hello");
});

test("the starter's client runs with a pinger's options and waits for one answer", async () => {
  using server = new TestSocket();
  await using client = new TestProgram("lab3", "client", {
    path: FOLDER,
    args: ["--host", "127.0.0.1", "--port", `${server.port}`, "--count", "3", "--size", "32"],
  });
  const { text, port } = await server.receive();
  expect(text).toBe("ping 1");
  await server.send("PING 1", port);
  const { code, stdout } = await client.exit();
  expect(stdout).toHaveLength(1);
  expect(stdout[0]).toMatch(/^answer 1: \d+\.\d\d ms \(PING 1\)$/);
  expect(code).toBe(0);
});
