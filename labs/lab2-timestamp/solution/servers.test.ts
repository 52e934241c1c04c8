import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;
const SERVERS = ["server_tcp", "server_udp", "server_handler"];

/** A server at a port of the kernel's choice. */
async function start(name: string) {
  const program = new TestProgram("lab2", "server", {
    path: `${FOLDER}${name}.ts`,
    args: ["--port", "0"],
  });
  const match = await program.printed(/^Server listens on (?:TCP|UDP) 0\.0\.0\.0:(\d+)\n/);
  return Object.assign(program, { port: Number(match[1]) });
}

/** Sends bytes on a connection of its own and returns what comes until the stream ends, or is reset. */
async function exchange(port: number, bytes: Uint8Array): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  let text = "";
  try {
    for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
    await connection.closeWrite();
    const buffer = new Uint8Array(65_536);
    for (let length; (length = await connection.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, length));
    }
  } catch (error) {
    if (
      !(error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe)
    ) {
      throw error;
    }
  }
  return text;
}

test.each(SERVERS)("%s says that it has stopped, on both signals", async (name) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    await using server = await start(name);
    server.signal(signal);
    const { code, stdout, stderr } = await server.exit();
    expect({ code, last: stdout.at(-1), stderr }).toEqual({
      code: 0,
      last: "Server stopped",
      stderr: [],
    });
  }
});

test.each(SERVERS)("%s refuses an option that it does not know", async (name) => {
  await using server = new TestProgram("lab2", "server", {
    path: `${FOLDER}${name}.ts`,
    args: ["--prot", "7"],
  });
  const { code, stderr } = await server.exit();
  expect({ code, stderr }).toEqual({ code: 2, stderr: ["server: unknown option --prot"] });
});

test.each(["server_tcp", "server_handler"])(
  "%s gives up on a line without an end, and on nobody else",
  async (name) => {
    await using server = await start(name);
    expect(await exchange(server.port, new Uint8Array(200_000).fill(0x61))).toBe("");
    await server.printed(/^server: lost .*: a line of more than 65536 bytes$/m, "stderr");
    expect(await exchange(server.port, new TextEncoder().encode("hello\r\n")))
      .toMatch(/^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] hello\r\n$/);
  },
);
