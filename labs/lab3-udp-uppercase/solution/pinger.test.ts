import { expect, test } from "vitest";
import { TestProgram, TestSocket } from "../../../tests/program.ts";

/** The pinger, against a server at a port of 127.0.0.1. */
function ping(port: number, args: Record<string, number>): TestProgram {
  const options = Object.entries(args).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  return new TestProgram("lab3", "client", {
    args: ["--host", "127.0.0.1", "--port", `${port}`, ...options],
  });
}

/** Output with `#` for each measured time, which cannot be foretold. */
function timeless(lines: string[]): string[] {
  return lines.map((line) => line.replace(/\d+\.\d{2,3}(?= ms|\/)/g, "#"));
}

test("the pinger prints a line for each answer and ping's statistics", async () => {
  using server = new TestSocket();
  await using client = ping(server.port, { count: 3, interval: 0, size: 20 });
  for (let n = 1; n <= 3; n++) {
    const request = await server.receive();
    expect(request.text).toBe(`ping ${n} abcdefghijklm`);
    await server.send(request.text.toUpperCase(), request.port);
  }
  const { code, stdout, stderr } = await client.exit();
  expect(timeless(stdout)).toEqual([
    `PING 127.0.0.1 (127.0.0.1:${server.port}): 3 datagrams of 20 bytes`,
    "answer 1: # ms",
    "answer 2: # ms",
    "answer 3: # ms",
    "",
    "--- 127.0.0.1 ping statistics ---",
    "3 packets transmitted, 3 received, 0% packet loss",
    "rtt min/avg/max/mdev = #/#/#/# ms",
  ]);
  expect(stderr).toEqual([]);
  expect(code).toBe(0);
});

test("the pinger's statistics are ping's sums over the answers it printed", async () => {
  using server = new TestSocket();
  await using client = ping(server.port, { count: 4, interval: 30 });
  for (let n = 1; n <= 4; n++) {
    const request = await server.receive();
    await server.send(request.text.toUpperCase(), request.port);
  }
  const { stdout } = await client.exit();
  const times = stdout.flatMap((line) => /^answer \d+: (\S+) ms$/.exec(line)?.[1] ?? []).map(
    Number,
  );
  expect(times).toHaveLength(4);
  const [min, average, max, mdev] = (/= (\S+) ms$/.exec(stdout.at(-1) ?? "")?.[1] ?? "").split("/")
    .map(Number);
  const mean = times.reduce((sum, ms) => sum + ms) / 4;
  const variance = times.reduce((sum, ms) => sum + ms * ms, 0) / 4 - mean * mean;
  expect(min).toBeCloseTo(Math.min(...times), 1);
  expect(average).toBeCloseTo(mean, 1);
  expect(max).toBeCloseTo(Math.max(...times), 1);
  expect(Math.abs((mdev ?? NaN) ** 2 - variance)).toBeLessThan(0.02 * mean + 0.01);
});

test("the pinger tells lost, late, duplicate, foreign and senseless answers apart", async () => {
  using server = new TestSocket();
  using stranger = new TestSocket();
  await using client = ping(server.port, { count: 3, interval: 600, timeout: 500, size: 8 });
  const { port } = await server.receive();
  await client.printed(/^request 1 timed out$/m);
  await server.send("PING 1 A", port);
  await client.printed(/^answer 1: .*late$/m);

  expect((await server.receive()).text).toBe("ping 2 a");
  await stranger.send("PING 2 A", port);
  await server.send("PING 2 B", port);
  await server.send("PING 9 A", port);
  await server.send("", port);
  await server.send("PING 2 A", port);
  await client.printed(/^answer 2: .* ms$/m);

  expect((await server.receive()).text).toBe("ping 3 a");
  await server.send("PING 2 A", port);
  await server.send("PING 1 A", port);
  await server.send("PING 3 A", port);
  const { code, stdout, stderr } = await client.exit();
  expect(timeless(stdout).slice(1)).toEqual([
    "request 1 timed out",
    "answer 1: # ms, late",
    "ignored a datagram that answers no request",
    "ignored a datagram that answers no request",
    "ignored a datagram that answers no request",
    "answer 2: # ms",
    "answer 2: # ms, duplicate",
    "answer 1: # ms, duplicate",
    "answer 3: # ms",
    "",
    "--- 127.0.0.1 ping statistics ---",
    "3 packets transmitted, 2 received, +2 duplicates, +1 late, 33.3333% packet loss",
    "rtt min/avg/max/mdev = #/#/#/# ms",
  ]);
  expect(stderr).toEqual([
    `ignored a datagram from 127.0.0.1:${stranger.port}: not the server`,
  ]);
  expect(code).toBe(0);
});

test("the pinger sends on without waiting, and takes answers in any order", async () => {
  using server = new TestSocket();
  await using client = ping(server.port, { count: 3, interval: 1, timeout: 10_000 });
  const requests = [await server.receive(), await server.receive(), await server.receive()];
  for (const { text, port } of requests.reverse()) await server.send(text.toUpperCase(), port);
  const { stdout } = await client.exit();
  expect(timeless(stdout).slice(1, 4)).toEqual([
    "answer 3: # ms",
    "answer 2: # ms",
    "answer 1: # ms",
  ]);
});

test("the pinger keeps its interval and does not fall behind", async () => {
  using server = new TestSocket();
  await using _client = ping(server.port, { count: 11, interval: 40, timeout: 10_000 });
  const first = await server.receive();
  const start = performance.now();
  let last = first;
  for (let n = 2; n <= 11; n++) last = await server.receive();
  const took = performance.now() - start;
  expect(last.text).toMatch(/^ping 11 /);
  // Ten intervals are 400 ms; the first datagram may have waited a little for its reader.
  expect(took).toBeGreaterThan(300);
  expect(took).toBeLessThan(2_000);
});

test("the pinger ends with status 1 where no answer came", async () => {
  const closed = new TestSocket();
  const { port } = closed;
  closed[Symbol.dispose]();
  await using client = ping(port, { count: 2, interval: 10, timeout: 50 });
  const { code, stdout } = await client.exit();
  expect(code).toBe(1);
  expect(stdout.slice(1)).toEqual([
    "request 1 timed out",
    "request 2 timed out",
    "",
    "--- 127.0.0.1 ping statistics ---",
    "2 packets transmitted, 0 received, 100% packet loss",
  ]);
});

test.each([6, 65_507])("the pinger sends datagrams of exactly %i bytes", async (size) => {
  using server = new TestSocket();
  await using client = ping(server.port, { count: 1, size });
  const request = await server.receive();
  expect(request.bytes.length).toBe(size);
  await server.send(request.text.toUpperCase(), request.port);
  expect((await client.exit()).code).toBe(0);
});

test.each(["SIGINT", "SIGTERM"] as const)(
  "the pinger prints its statistics so far on %s, with status 0",
  async (signal) => {
    using server = new TestSocket();
    await using client = ping(server.port, { count: 5, interval: 60_000, timeout: 60_000 });
    const { text, port } = await server.receive();
    await server.send(text.toUpperCase(), port);
    await client.printed(/^answer 1/m);
    client.signal(signal);
    const { code, stdout } = await client.exit();
    expect(code).toBe(0);
    expect(stdout).toContain("1 packets transmitted, 1 received, 0% packet loss");
  },
);

test.each([
  [["--host", "no-such-host.invalid"], 1, /^client: cannot find host no-such-host\.invalid: /],
  [["--host", "1.1.1.256"], 1, /^client: cannot send to 1\.1\.1\.256:12000: /],
  [["--count", "0"], 2, 'client: --count must be a whole number from 1 to 1000000, is "0"'],
  [["--size", "5"], 2, 'client: --size must be a whole number from 6 to 65507, is "5"'],
  [["--port"], 2, 'client: --port must be a whole number from 1 to 65535, is ""'],
  [["--timeout", "1e3"], 2, /^client: --timeout must be a whole number .*, is "1e3"$/],
  [["--cuont", "7"], 2, "client: unknown option --cuont"],
])("the client refuses %j with status %i and one line", async (args, code, line) => {
  await using client = new TestProgram("lab3", "client", {
    args: ["--host", "127.0.0.1", "--count", "1", ...args],
  });
  const exit = await client.exit();
  expect(exit.stderr).toHaveLength(1);
  expect(exit.stderr[0]).toMatch(line);
  expect(exit.code).toBe(code);
});
