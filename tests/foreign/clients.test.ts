/** The servers of the labs, asked by ncat, socat and python3: clients that nobody here wrote. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findLab } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";
import { TestProcess, TestProgram } from "../program.ts";
import { lacking } from "./tools.ts";

const TIMEOUT = 60_000;
const HOST = "127.0.0.1";
const STAMP = String.raw`\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] `;

/** Starts a server of a lab's solution at a port of the kernel's choice. */
async function server(lab: string, file: string, logs?: string) {
  const path = `${findLab(ROOT, lab).folder}/solution/${file}`;
  const args = ["--port", "0", ...logs === undefined ? [] : ["--logs", logs]];
  const writes = logs === undefined ? {} : { writes: logs };
  const program = new TestProgram(lab, "server", { path, args, ...writes });
  const port = (await program.printed(/:(\d+)\s/))[1]!;
  return Object.assign(program, { port });
}

/** Runs a client with an input; resolves to what it printed, byte by byte. It must end by itself, with status 0. */
async function asks(argv: readonly string[], input: string): Promise<string> {
  await using client = new TestProcess(argv, { input });
  const { code, bytes, stderr } = await client.exit();
  expect({ code, stderr }, argv.join(" ")).toEqual({ code: 0, stderr: [] });
  return new TextDecoder().decode(bytes);
}

/** Runs a few lines of Python in which `host` and `port` are the server's; they assert what they expect. */
async function python(port: string, lines: string): Promise<void> {
  const head = `import os, re, socket, sys\nhost, port = "${HOST}", ${port}\n`;
  await using client = new TestProcess(["python3", "-c", head + lines], { input: "" });
  const { code, stderr } = await client.exit();
  expect({ code, stderr }).toEqual({ code: 0, stderr: [] });
}

/** Ends its stream behind its input, and waits for the server's end. */
const ncat = (port: string, ...options: string[]) => ["ncat", ...options, HOST, port];
/** So does this, for as long as a minute. */
const socat = (port: string) => ["socat", "-t60", "-", `TCP:${HOST}:${port}`];

/** In Python: all that comes behind an end of stream of ours. */
const ALL = `
def ask(data):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as answer:
            return answer.read()
`;
/** In Python: a socket of UDP that has a server. */
const UDP = `
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(20)
sock.connect((host, port))
def ask(data):
    sock.send(data)
    return sock.recv(65535)
`;

const without = lacking("ncat", "socat", "python3");
describe.skipIf(without !== "")(`servers asked by other clients ${without}`.trim(), () => {
  test("lab1's server sends back what it gets, behind the client's end, too", async () => {
    await using lab1 = await server("lab1", "server.ts");
    expect(await asks(ncat(lab1.port), "hello\n\nß")).toBe("hello\n\nß");
    expect(await asks(socat(lab1.port), "hello\n\nß")).toBe("hello\n\nß");
    const data = "data = bytes(range(256)) * 1024\n";
    await python(lab1.port, `${ALL}${data}assert ask(data) == data\nassert ask(b"") == b""`);
  }, TIMEOUT);

  test("lab1's server_once sends back one read, and closes", async () => {
    await using lab1 = await server("lab1", "server_once.ts");
    expect(await asks(ncat(lab1.port), "hello\n")).toBe("hello\n");
    expect(await asks(socat(lab1.port), "hello\n")).toBe("hello\n");
    const lines = `
connection = socket.create_connection((host, port))
connection.sendall(b"hello")
assert connection.recv(100) == b"hello"
assert connection.recv(100) == b""`;
    await python(lab1.port, lines);
  }, TIMEOUT);

  test("lab2's server_tcp stamps each line", async () => {
    await using lab2 = await server("lab2", "server_tcp.ts");
    const both = new RegExp(`^${STAMP}one\r\n${STAMP}two\r\n$`);
    expect(await asks(ncat(lab2.port, "-C"), "one\ntwo\n")).toMatch(both);
    expect(await asks(socat(lab2.port), "one\r\ntwo\r\n")).toMatch(both);
    const lines = String.raw`
import time
connection = socket.create_connection((host, port))
connection.sendall(b"\xff\r\n")
answer = connection.makefile("rb").readline()
assert answer[27:] == b"\xff\r\n", answer
stamp = time.mktime(time.strptime(answer[1:25].decode(), "%a %b %d %H:%M:%S %Y"))
assert abs(stamp - time.time()) < 60, answer`;
    await python(lab2.port, lines);
  }, TIMEOUT);

  test("lab2's server_handler stamps a line, and closes", async () => {
    await using lab2 = await server("lab2", "server_handler.ts");
    const one = new RegExp(`^${STAMP}one\n$`);
    expect(await asks(ncat(lab2.port), "one\n")).toMatch(one);
    expect(await asks(socat(lab2.port), "one\n")).toMatch(one);
    await python(lab2.port, `${ALL}assert ask(b"one\\n")[27:] == b"one\\n"`);
  }, TIMEOUT);

  test("lab2's server_udp stamps each datagram, the longest that it can", async () => {
    await using lab2 = await server("lab2", "server_udp.ts");
    await python(
      lab2.port,
      `${UDP}
for data in b"one", b"", b"x" * 65480, bytes(range(256)):
    assert ask(data)[27:] == data`,
    );
    expect(await typed(["ncat", "-u", HOST, lab2.port], "one", /\] one/)).toMatch(
      new RegExp(`^${STAMP}one`),
    );
  }, TIMEOUT);

  test("lab3's server answers datagrams of every size, the empty and the largest one", async () => {
    await using lab3 = await server("lab3", "server.ts");
    await python(
      lab3.port,
      `${UDP}
for size in 0, 1, 1472, 1473, 65507:
    data = os.urandom(size)
    assert ask(data) == data.upper(), size`,
    );
    expect(await typed(["ncat", "-u", HOST, lab3.port], "straße\n", /\n/)).toBe("STRAßE\n");
    const udp = ["socat", "-", `UDP:${HOST}:${lab3.port}`];
    expect(await typed(udp, "straße\n", /\n/)).toBe("STRAßE\n");
  }, TIMEOUT);

  describe.each([["lab4"], ["lab5"]])("%s's server", (lab) => {
    const logs = Deno.makeTempDirSync({ prefix: "socklab-logs-" });
    let dates: Awaited<ReturnType<typeof server>>;
    beforeAll(async () => {
      dates = await server(lab, "server.ts", lab === "lab5" ? logs : undefined);
    }, TIMEOUT);
    afterAll(async () => {
      await dates?.[Symbol.asyncDispose]();
      Deno.removeSync(logs, { recursive: true });
    });

    test("tells each client the date, and closes", async () => {
      const near = (line: string) => Math.abs(Date.parse(line.trim()) - Date.now()) < 60_000;
      for (const client of [ncat(dates.port), socat(dates.port)]) {
        expect(await asks(client, "What time is it?\n")).toSatisfy(near);
      }
      const lines = `${ALL}
from datetime import datetime, timezone
now = datetime.fromisoformat(ask(b"What time is it?\\n").decode().rstrip())
assert abs((now - datetime.now(timezone.utc)).total_seconds()) < 60, now`;
      await python(dates.port, lines);
      const names = [...Deno.readDirSync(logs)].map(({ name }) => name).sort();
      expect(names).toEqual(lab === "lab4" ? [] : ["log0.txt", "log1.txt", "log2.txt"]);
    }, TIMEOUT);
  });

  test.each([
    "server_iterative",
    "server_event_loop",
    "server_threads",
    "server_processes",
  ])("lab6's %s answers until the client's end", async (name) => {
    await using lab6 = await server("lab6", `${name}.ts`);
    expect(await asks(ncat(lab6.port), "hello\n\nß")).toBe("HELLO\n\nß");
    expect(await asks(socat(lab6.port), "hello\n\nß")).toBe("HELLO\n\nß");
    const data = "data = bytes(range(256)) * 1024\n";
    await python(lab6.port, `${ALL}${data}assert ask(data) == data.upper()`);
  }, TIMEOUT);

  test("lab6's server_once answers a line, and closes", async () => {
    await using lab6 = await server("lab6", "server_once.ts");
    expect(await asks(ncat(lab6.port), "hello\n")).toBe("HELLO\n");
    expect(await asks(socat(lab6.port), "hello\n")).toBe("HELLO\n");
    await python(lab6.port, `${ALL}assert ask(b"\\xe4 one\\n") == b"\\xe4 ONE\\n"`);
  }, TIMEOUT);
});

/** Types a line into a client of UDP, which does not know an end, until it has printed the answer. */
async function typed(argv: readonly string[], line: string, answer: RegExp): Promise<string> {
  await using client = new TestProcess(argv);
  await client.write(line);
  await client.printed(answer);
  return client.text();
}
