import { expect, test } from "vitest";
import { TestProgram, TestSocket } from "../../../tests/program.ts";

const FOLDER = new URL(".", import.meta.url).pathname;

function start(name: string, port: number, input: string, args: string[] = []) {
  return new TestProgram("lab2", "client", {
    path: `${FOLDER}${name}.ts`,
    args: ["--host", "127.0.0.1", "--port", `${port}`, ...args],
    input,
  });
}

/** Answers each line with `<line>`; `once` closes behind the first of a connection. */
function serve(once: boolean): Deno.TcpListener {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    for await (const connection of listener) {
      const buffer = new Uint8Array(1_024);
      for (let length; (length = await connection.read(buffer)) !== null;) {
        const text = new TextDecoder().decode(buffer.subarray(0, length));
        await connection.write(new TextEncoder().encode(text.replace(/(.*)\r\n/, "<$1>\r\n")));
        if (once) break;
      }
      connection.close();
    }
  })();
  return listener;
}

test.each([["client_tcp", false], ["client_handler", true]])(
  "%s prompts, prints answers, and ends on an empty line",
  async (name, once) => {
    using listener = serve(once);
    const { port } = listener.addr as Deno.NetAddr;
    await using client = start(name, port, "one\ntwo\n\nthree\n");
    const { code, bytes, stderr } = await client.exit();
    const printed = new TextDecoder().decode(bytes);
    expect({ code, printed, stderr }).toEqual({
      code: 0,
      printed: "> <one>\n> <two>\n> ",
      stderr: [],
    });
  },
);

test.each(["client_tcp", "client_handler"])("%s says that it was refused", async (name) => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = free.addr as Deno.NetAddr;
  free.close();
  await using client = start(name, port, "one\n");
  const { code, stderr } = await client.exit();
  const line = `client: 127.0.0.1:${port} refused the connection: start the server first`;
  expect({ code, stderr }).toEqual({ code: 1, stderr: [line] });
});

test.each(["client_tcp", "client_udp", "client_handler"])(
  "%s says that it does not find a host",
  async (name) => {
    await using client = start(name, 7, "one\n", ["--host", "no-such-host.invalid"]);
    const { code, stderr } = await client.exit();
    const line =
      "client: cannot find host no-such-host.invalid: give its name or address with --host";
    expect({ code, stderr }).toEqual({ code: 1, stderr: [line] });
  },
);

test("client_udp ends its output with a line end where its input ends, and says what it gave up", async () => {
  using server = new TestSocket();
  await using client = start("client_udp", server.port, "one\n", [
    "--timeout",
    "50",
    "--retries",
    "1",
  ]);
  const { code, stdout, stderr } = await client.exit();
  expect(stdout).toEqual(["> > "]);
  expect(stderr).toEqual([
    "no answer within 50 ms, retry 1 of 1",
    "no answer within 50 ms, gave up after 1 retry",
  ]);
  expect(code).toBe(1);
});

test("client_udp ends with status 0 where one line is answered and another is not", async () => {
  using server = new TestSocket();
  await using client = start("client_udp", server.port, "found\nlost\n", [
    "--timeout",
    "1500",
    "--retries",
    "0",
  ]);
  const { port } = await server.receive();
  await server.send("[Sat Nov 21 04:31:00 2026] found", port);
  const { code, stderr } = await client.exit();
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: ["no answer within 1500 ms, gave up after 0 retries"],
  });
});

test("client_udp waits for ever with --timeout 0", async () => {
  using server = new TestSocket();
  await using client = start("client_udp", server.port, "one\n", ["--timeout", "0"]);
  const { port } = await server.receive();
  await server.send("[Sat Nov 21 04:31:00 2026] two", port);
  await server.send("[Sat Nov 21 04:31:00 2026] one", port);
  const { code, stdout } = await client.exit();
  expect({ code, stdout }).toEqual({ code: 0, stdout: ["> [Sat Nov 21 04:31:00 2026] one", "> "] });
});

test("client_udp says that a line is too long for a datagram, and goes on", async () => {
  using server = new TestSocket();
  await using client = start("client_udp", server.port, `${"x".repeat(65_508)}\none\n`);
  const { text, port } = await server.receive();
  expect(text).toBe("one");
  await server.send("[Sat Nov 21 04:31:00 2026] one", port);
  const { code, stderr } = await client.exit();
  expect(stderr).toEqual(["no datagram carries 65508 bytes: type a shorter line"]);
  expect(code).toBe(0);
});
