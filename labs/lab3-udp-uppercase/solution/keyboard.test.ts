import { expect, test } from "vitest";
import { TestProgram, TestSocket } from "../../../tests/program.ts";

/** The client in keyboard mode, against a server at a port of 127.0.0.1. */
function type(port: number, input?: string | Uint8Array<ArrayBuffer>, ...args: string[]) {
  return new TestProgram("lab3", "client", {
    args: ["--host", "127.0.0.1", "--port", `${port}`, ...args],
    ...(input === undefined ? {} : { input }),
  });
}

test("the keyboard mode sends each line as one datagram and prints its answer", async () => {
  await using server = new TestProgram("lab3", "server", { args: ["--port", "0"] });
  const port = Number((await server.printed(/:(\d+)\n/))[1]);
  const input = new Uint8Array([
    ...new TextEncoder().encode("hello\n\nstraße\n"),
    0xff,
    0x00,
    0x61,
  ]);
  await using client = type(port, input);
  const { code, bytes, stderr } = await client.exit();
  const answers = [...new TextEncoder().encode("HELLO\n\nSTRAßE\n"), 0xff, 0x00, 0x41, 0x0a];
  expect([...bytes]).toEqual(answers);
  expect(stderr).toEqual([]);
  expect(code).toBe(0);
});

test("the keyboard mode asks again when no answer comes in time", async () => {
  using server = new TestSocket();
  await using client = type(server.port, "hello\n", "--timeout", "100");
  const first = await server.receive();
  const second = await server.receive();
  expect([first.text, second.text]).toEqual(["hello", "hello"]);
  expect(second.port).toBe(first.port);
  await server.send("HELLO", second.port);
  const { code, stdout, stderr } = await client.exit();
  expect(stdout).toEqual(["HELLO"]);
  expect(stderr[0]).toBe("no answer within 100 ms, retry 1 of 3");
  expect(code).toBe(0);
});

test("the keyboard mode gives up after its retries, goes on, and ends with status 0 where another answer came", async () => {
  using server = new TestSocket();
  await using client = type(server.port, "lost\nfound\n", "--timeout", "100", "--retries", "2");
  const texts = [];
  let last = await server.receive();
  for (; last.text === "lost"; last = await server.receive()) texts.push(last.text);
  expect(texts).toEqual(["lost", "lost", "lost"]);
  expect(last.text).toBe("found");
  await server.send("FOUND", last.port);
  const { code, stdout, stderr } = await client.exit();
  expect(stdout).toEqual(["FOUND"]);
  expect(stderr.slice(0, 3)).toEqual([
    "no answer within 100 ms, retry 1 of 2",
    "no answer within 100 ms, retry 2 of 2",
    "no answer within 100 ms, gave up after 2 retries",
  ]);
  expect(code).toBe(0);
});

test("the keyboard mode ends with status 1 where no answer came at all", async () => {
  using server = new TestSocket();
  await using client = type(server.port, "lost\n", "--timeout", "50", "--retries", "0");
  const { code, stdout } = await client.exit();
  expect({ code, stdout }).toEqual({ code: 1, stdout: [] });
});

test("the keyboard mode takes no answer to another line, from a stranger, or twice", async () => {
  using server = new TestSocket();
  using stranger = new TestSocket();
  await using client = type(server.port, undefined, "--timeout", "10000");
  await client.write("one\n");
  const { port } = await server.receive();
  await server.send("ONE", port);
  await client.printed(/^ONE$/m);
  await server.send("ONE", port);
  await client.printed(/^ignored an answer that nobody waits for any more$/m, "stderr");
  await client.write("two\n");
  await server.receive();
  await server.send("ONE", port);
  await client.printed(/^ignored an answer to another line$/m, "stderr");
  await stranger.send("TWO", port);
  await client.printed(/not the server$/m, "stderr");
  await server.send("TWO", port);
  await client.closeInput();
  const { code, stdout, stderr } = await client.exit();
  expect(stdout).toEqual(["ONE", "TWO"]);
  expect(stderr).toEqual([
    "ignored an answer that nobody waits for any more",
    "ignored an answer to another line",
    `ignored a datagram from 127.0.0.1:${stranger.port}: not the server`,
  ]);
  expect(code).toBe(0);
});

test("the keyboard mode leaves out a line that no datagram can carry", async () => {
  using server = new TestSocket();
  await using client = type(server.port, `${"x".repeat(65_508)}\nshort\n`);
  const { text, port } = await server.receive();
  expect(text).toBe("short");
  await server.send("SHORT", port);
  const { code, stdout, stderr } = await client.exit();
  expect(stdout).toEqual(["SHORT"]);
  expect(stderr).toEqual(["a datagram carries at most 65507 bytes, this line has 65508"]);
  expect(code).toBe(0);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "the keyboard mode stops on %s with one line and status 0",
  async (signal) => {
    using server = new TestSocket();
    await using client = type(server.port);
    await client.write("hello\n");
    await server.receive();
    client.signal(signal);
    expect(await client.exit()).toMatchObject({ code: 0, stdout: ["Client stopped"], stderr: [] });
  },
);
