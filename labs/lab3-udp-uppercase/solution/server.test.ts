import { expect, test } from "vitest";
import { TestProgram, TestSocket } from "../../../tests/program.ts";

/** A server at a port of the kernel's choice. */
async function start(...args: string[]) {
  const program = new TestProgram("lab3", "server", { args: ["--port", "0", ...args] });
  const match = await program.printed(/^Server listens on UDP 0\.0\.0\.0:(\d+)\n/);
  return Object.assign(program, { port: Number(match[1]) });
}

test("the server turns a-z to A-Z and leaves every other byte alone", async () => {
  await using server = await start();
  using client = new TestSocket();
  const all = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  await client.send(all, server.port);
  const expected = all.slice();
  for (let byte = 0x61; byte <= 0x7a; byte++) expected[byte] = byte - 0x20;
  expect((await client.receive()).bytes).toEqual(expected);
  await client.send("straße été ﬁ ı", server.port);
  expect((await client.receive()).text).toBe("STRAßE éTé ﬁ ı");
});

test.each([0, 1, 1_023, 1_024, 1_025, 1_472, 1_473, 65_507])(
  "the server answers a datagram of %i bytes whole",
  async (size) => {
    await using server = await start();
    using client = new TestSocket();
    await client.send(new Uint8Array(size).fill(0x7a), server.port);
    expect((await client.receive()).bytes).toEqual(new Uint8Array(size).fill(0x5a));
  },
);

test("the server answers each client at its own address, and outlives one that has gone", async () => {
  await using server = await start();
  using first = new TestSocket();
  using second = new TestSocket();
  {
    using gone = new TestSocket();
    await gone.send("gone", server.port);
  }
  await first.send("a1", server.port);
  await second.send("b1", server.port);
  await second.send("b2", server.port);
  await first.send("a2", server.port);
  const texts = [];
  for (const client of [first, first, second, second]) texts.push((await client.receive()).text);
  expect(texts).toEqual(["A1", "A2", "B1", "B2"]);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "the server stops on %s with one line, status 0 and its port free again",
  async (signal) => {
    await using server = await start();
    server.signal(signal);
    const { code, stdout, stderr } = await server.exit();
    expect(code).toBe(0);
    expect(stdout.slice(1)).toEqual(["Server stopped"]);
    expect(stderr).toEqual([]);
    Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: server.port }).close();
  },
);

test("the server says in one line that its port is taken", async () => {
  using holder = new TestSocket();
  await using server = new TestProgram("lab3", "server", { args: ["--port", `${holder.port}`] });
  expect(await server.exit()).toMatchObject({
    code: 1,
    stdout: [],
    stderr: [
      `server: port ${holder.port} is taken: stop the program that has it, or choose another with --port`,
    ],
  });
});

test.each([
  [["--prot", "7"], 2, "server: unknown option --prot"],
  [["stray"], 2, "server: unknown option stray"],
  [["--port", "x"], 1, /^server: cannot listen on 0\.0\.0\.0:x: /],
  [["--host", "192.0.2.1", "--port", "0"], 1, /^server: cannot listen on 192\.0\.2\.1:0: /],
])("the server refuses %j with status %i and one line", async (args, code, line) => {
  await using server = new TestProgram("lab3", "server", { args });
  const exit = await server.exit();
  expect(exit.code).toBe(code);
  expect(exit.stderr).toHaveLength(1);
  expect(exit.stderr[0]).toMatch(line);
});

test("the server prints a line for each answer with --verbose, and none without", async () => {
  await using server = await start("--verbose");
  using client = new TestSocket();
  await client.send("abc", server.port);
  await client.receive();
  await server.printed(new RegExp(`^3 bytes for 127\\.0\\.0\\.1:${client.port}\n`, "m"));
  await using quiet = await start();
  await client.send("abc", quiet.port);
  await client.receive();
  quiet.signal("SIGTERM");
  expect((await quiet.exit()).stdout).toHaveLength(2);
});
