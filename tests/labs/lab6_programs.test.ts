/** Lab 6's programs where its checks do not look: processes that are left, the limit of descriptors, options. */
import { afterEach, expect, test } from "vitest";
import { findLab, pairWith, programCommand, resolveProgram } from "../../src/lab/mod.ts";
import { ROOT } from "../cli/lab_stage.ts";
import { until } from "../link/poll.ts";
import { TestProgram } from "../program.ts";

const LAB = findLab(ROOT, "lab6");
const SERVERS = ["server_once", "server_iterative", "server_event_loop", "server_threads"];
const TOOLS = { deno: Deno.execPath(), imports: `${ROOT}/labs/imports.json` };
/** Milliseconds; far from what anything here takes. */
const DEADLINE = 20_000;

const started: Deno.ChildProcess[] = [];
const opened: Deno.TcpConn[] = [];

afterEach(async () => {
  for (const connection of opened.splice(0)) {
    try {
      connection.close();
    } catch {
      // Closed already.
    }
  }
  for (const child of started.splice(0)) {
    try {
      child.kill("SIGKILL");
    } catch {
      // Ended already.
    }
    await child.output();
  }
});

/** Starts a server at a port that is free; resolves once it listens, with all its threads. */
async function start(name: string, { files }: { files?: number } = {}) {
  const program = resolveProgram(pairWith(LAB, name), "server");
  const port = freePort();
  const command = programCommand(program, ["--port", String(port)], TOOLS);
  const limit = files === undefined ? "" : `ulimit -n ${files}; `;
  const child = new Deno.Command("sh", {
    args: ["-c", `${limit}exec "$@"`, "sh", ...command],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  started.push(child);
  const sockets = name === "server_threads" ? 4 : 1;
  await until(() => listening(port), (count) => count === sockets, DEADLINE);
  return { child, port };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Sockets that listen at a port. */
function listening(port: number): number {
  const place = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return Deno.readTextFileSync("/proc/net/tcp").split("\n").map((line) => line.trim().split(/ +/))
    .filter(([, local, , state]) => local?.endsWith(place) && state === "0A").length;
}

async function connect(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  opened.push(connection);
  return connection;
}

/** Sends a line; resolves to its answer, or to null at the end of the stream. */
async function ask(connection: Deno.TcpConn): Promise<string | null> {
  await connection.write(new TextEncoder().encode("hello\n"));
  const buffer = new Uint8Array(100);
  const length = await connection.read(buffer);
  return length === null ? null : new TextDecoder().decode(buffer.subarray(0, length));
}

function childrenOf(pid: number): number[] {
  const tasks = [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
  return tasks.flatMap((task) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${task}/children`).trim().split(" ").filter(Boolean)
      .map(Number)
  );
}

/** Whether a process does anything any more: one that has ended may wait for its parent to look. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(Deno.readTextFileSync(`/proc/${pid}/stat`));
  } catch {
    return false;
  }
}

/** Hundredths of a second that a process has run. */
function ticks(pid: number): number {
  const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /, "").split(" ");
  return Number(fields[11]) + Number(fields[12]);
}

test.each(["SIGTERM", "SIGKILL"] as const)(
  "server_processes leaves no process behind on %s, and its clients see the end",
  async (signal) => {
    const { child, port } = await start("server_processes");
    const clients = [await connect(port), await connect(port)];
    for (const client of clients) expect(await ask(client)).toBe("HELLO\n");
    const children = childrenOf(child.pid);
    expect(children.length).toBeGreaterThanOrEqual(2);
    child.kill(signal);
    await child.status;
    await until(() => children.filter(runs), (left) => left.length === 0, DEADLINE);
    for (const client of clients) expect(await client.read(new Uint8Array(1))).toBeNull();
  },
);

test("server_processes has a process for each client, and none when all have gone", async () => {
  const { child, port } = await start("server_processes");
  const clients = [await connect(port), await connect(port), await connect(port)];
  for (const client of clients) expect(await ask(client)).toBe("HELLO\n");
  await until(() => childrenOf(child.pid), ({ length }) => length === 3, DEADLINE);
  for (const client of clients) client.close();
  await until(() => childrenOf(child.pid), ({ length }) => length === 0, DEADLINE);
});

test.each(["server_event_loop", "server_threads"])(
  "%s out of descriptors neither ends nor spins, and goes on as soon as there are some",
  async (name) => {
    const { child, port } = await start(name, { files: 100 });
    const clients: Deno.TcpConn[] = [];
    for (let i = 0; i < 150; i++) clients.push(await connect(port));
    expect(await ask(clients[0]!)).toBe("HELLO\n");
    const last = clients.at(-1)!;
    let answered = false;
    const answer = ask(last).then((text) => {
      answered = true;
      return text;
    });
    // Of a second, one that tries again at once takes all.
    const before = ticks(child.pid);
    const from = performance.now();
    await until(() => performance.now() - from, (ms) => ms > 1_000, DEADLINE);
    expect(ticks(child.pid) - before).toBeLessThan(50);
    expect(answered).toBe(false);
    for (const client of clients.slice(0, -1)) client.close();
    expect(await answer).toBe("HELLO\n");
  },
);

test.each([...SERVERS, "server_processes"])(
  "%s refuses an unknown option with status 2",
  async (name) => {
    const program = resolveProgram(pairWith(LAB, name), "server");
    await using server = new TestProgram("lab6", "server", {
      path: program.path,
      args: ["--prot", "7"],
    });
    const { code, stderr } = await server.exit();
    expect({ code, stderr }).toEqual({ code: 2, stderr: ["server: unknown option --prot"] });
  },
);

test.each([
  [["--host", "no-such-host.invalid"], 1, /^swarm: cannot find host no-such-host\.invalid: /],
  [["--port", `${freePort()}`], 1, /^swarm: 127\.0\.0\.1:\d+ refused the connection: start the /],
  [["--clients", "0"], 2, 'swarm: --clients must be a whole number from 1 to 20000, is "0"'],
  [["--cleints", "7"], 2, "swarm: unknown option --cleints"],
])("the swarm refuses %j with status %i and one line", async (args, status, line) => {
  await using swarm = new TestProgram("lab6", "swarm", { args: ["--host", "127.0.0.1", ...args] });
  const { code, stderr } = await swarm.exit();
  expect(stderr).toHaveLength(1);
  expect(stderr[0]).toMatch(line);
  expect(code).toBe(status);
});
