import { expect, test } from "vitest";
import { TestProgram } from "../../../tests/program.ts";

function start(port: number, input?: string | Uint8Array<ArrayBuffer>) {
  return new TestProgram("lab1", "client", {
    args: ["--host", "127.0.0.1", "--port", `${port}`],
    ...(input === undefined ? {} : { input }),
  });
}

/** Sends back what each read brings, `limit` bytes at most, then closes. */
function serve(limit = Infinity): Deno.TcpListener {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  (async () => {
    const connection = await listener.accept();
    const buffer = new Uint8Array(10_000);
    for (let left = limit, length; left > 0; left -= length) {
      length = await connection.read(buffer) ?? 0;
      if (length === 0) break;
      await connection.write(buffer.subarray(0, Math.min(left, length)));
    }
    connection.close();
  })();
  return listener;
}

const portOf = (listener: Deno.TcpListener) => (listener.addr as Deno.NetAddr).port;

test("client prints the echo of each line, whatever its bytes", async () => {
  using listener = serve();
  const input = new Uint8Array([0x61, 0x0a, 0x0a, 0xff, 0x00, 0xc3, 0x0a]);
  await using client = start(portOf(listener), input);
  const { code, bytes, stderr } = await client.exit();
  expect({ code, bytes: [...bytes], stderr }).toEqual({ code: 0, bytes: [...input], stderr: [] });
});

test("client ends a last line that has no end, and prints a line of 1 MB whole", async () => {
  using listener = serve();
  await using client = start(portOf(listener), "x".repeat(1_000_000));
  const { code, stdout } = await client.exit();
  expect(code).toBe(0);
  expect(stdout).toEqual(["x".repeat(1_000_000)]);
});

test("client says that the server has closed before all came back", async () => {
  using listener = serve(2);
  const port = portOf(listener);
  await using client = start(port, "hello\n");
  const { code, stderr } = await client.exit();
  expect(code).toBe(1);
  expect(stderr).toEqual([
    `client: 127.0.0.1:${port} closed the connection with 4 bytes still to come`,
  ]);
});

test("client says that it was refused, and that it does not find a host", async () => {
  const free = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const port = portOf(free);
  free.close();
  await using refused = start(port, "hello\n");
  expect(await refused.exit()).toMatchObject({
    code: 1,
    stderr: [`client: 127.0.0.1:${port} refused the connection: start the server first`],
  });
  await using lost = new TestProgram("lab1", "client", {
    args: ["--host", "no-such-host.invalid"],
    input: "hello\n",
  });
  const advice = "give its name or address with --host";
  expect(await lost.exit()).toMatchObject({
    code: 1,
    stderr: [`client: cannot find host no-such-host.invalid: ${advice}`],
  });
});

test("client stops with one line and status 0", async () => {
  using listener = serve();
  await using client = start(portOf(listener));
  await client.write("hello\n");
  await client.printed(/^hello\n/);
  client.signal("SIGINT");
  expect(await client.exit())
    .toMatchObject({ code: 0, stdout: ["hello", "Client stopped"], stderr: [] });
});
