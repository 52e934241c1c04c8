import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ServerOrder } from "./agent_protocol.ts";
import { type HiredServer, hireServer } from "./hired_server.ts";
import { ServerAgent } from "./server_agent.ts";

let folder: string;
let listener: Deno.Listener;
let agent: ServerAgent;
/** What the container's log would have. */
let log: string;
let heard = Promise.withResolvers<void>();

/** Waits until the log matches. */
async function logged(pattern: RegExp): Promise<void> {
  while (!pattern.test(log)) await heard.promise;
}

/** A program that names its start, and its end by SIGTERM. */
function order(name = "standing"): ServerOrder {
  const script =
    `trap 'echo ${name} ends; exit 0' TERM; echo ${name} begins; while :; do sleep 0.01; done`;
  return { command: ["/bin/sh", "-c", script], cwd: "/", env: {} };
}

function start(standing: ServerOrder | null = order()): void {
  folder = Deno.makeTempDirSync();
  listener = Deno.listen({ transport: "unix", path: `${folder}/agent.sock` });
  log = "";
  agent = new ServerAgent({
    standing,
    onOutput: (_stream, bytes) => {
      log += new TextDecoder().decode(bytes);
      heard.resolve();
      heard = Promise.withResolvers();
    },
    onNotice: (line) => log += `${line}\n`,
  });
  const current = agent, own = listener;
  (async () => {
    for await (const conn of own) current.attend(conn);
  })().catch(() => {});
}

function end(): void {
  listener.close();
  Deno.removeSync(folder, { recursive: true });
}

const connect = () => Deno.connect({ transport: "unix", path: `${folder}/agent.sock` });
const hire = async (wanted = order()) => await hireServer(await connect(), wanted);

/** Reads what a server prints until it matches. */
async function printed(server: HiredServer, pattern: RegExp): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  const reader = server.stdout.getReader();
  while (!pattern.test(text)) {
    const { value, done } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  reader.releaseLock();
  return text;
}

/** All that a server prints until it has been given back. */
async function whole(server: HiredServer): Promise<string> {
  return await new Response(server.stdout).text();
}

beforeEach(() => start());
afterEach(async () => {
  await agent.stop();
  end();
});

describe("ServerAgent", () => {
  test("gives the standing server to the first runner, with what it has printed before", async () => {
    await agent.begin();
    await logged(/begins/);
    const server = await hire();
    const text = whole(server);
    await server[Symbol.asyncDispose]();
    expect(await text).toBe("standing begins\nstanding ends\n");
    expect(log).toMatch(/^standing begins\nstanding ends\n(standing begins\n)?$/);
  });

  test("starts a used server afresh for the next runner", async () => {
    await agent.begin();
    await (await hire())[Symbol.asyncDispose]();
    const second = await hire();
    expect(await printed(second, /\n/)).toBe("standing begins\n");
    await second[Symbol.asyncDispose]();
    // Two runs, and the one that stands after each of them.
    await agent.stop();
    expect(log.match(/begins/g)!.length).toBeGreaterThanOrEqual(2);
  });

  test("runs what the runner orders", async () => {
    await agent.begin();
    const server = await hire(order("other"));
    const text = whole(server);
    await logged(/other begins/);
    await server[Symbol.asyncDispose]();
    expect(await text).toBe("other begins\nother ends\n");
  });

  test("shares a server: it is told to one, stays for the other, and ends with the last", async () => {
    const first = await hire();
    await printed(first, /begins/);
    const second = await hire();
    const text = whole(second);
    await first[Symbol.asyncDispose]();
    expect(log).not.toContain("ends");
    await second[Symbol.asyncDispose]();
    expect(await text).toBe("standing ends\n");
  });

  test("refuses another server while one is shared", async () => {
    await using _ = await hire();
    await expect(hire(order("other"))).rejects.toThrow("Wait until the other run has ended");
  });

  test("a runner that goes without a word leaves as others do", async () => {
    await agent.begin();
    const conn = await connect();
    const server = await hireServer(conn, order("orphan"));
    await printed(server, /begins/);
    conn.close();
    // The next one waits for its end, and gets a server of its own.
    await using next = await hire();
    expect(await printed(next, /begins/)).toBe("standing begins\n");
    expect(log).toContain("orphan ends");
  });

  test("tells how a server ended, and starts it again for the next runner", async () => {
    const crash: ServerOrder = {
      command: ["/bin/sh", "-c", "echo no >&2; exit 3"],
      cwd: "/",
      env: {},
    };
    for (let round = 0; round < 2; round++) {
      await using server = await hire(crash);
      expect(await new Response(server.stderr).text()).toBe("no\n");
      expect(await server.exited).toEqual({ code: 3, signal: null });
    }
    expect(log).toContain("The server has ended by itself (exit status 3)");
  });

  test("passes signals on", async () => {
    await using server = await hire();
    await printed(server, /begins/);
    server.kill("SIGKILL");
    expect((await server.exited).signal).toBe("SIGKILL");
  });

  test("hands over every byte in order", async () => {
    const command = [
      "/bin/sh",
      "-c",
      "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done",
    ];
    await using server = await hire({ command, cwd: "/", env: {} });
    const lines = (await whole(server)).trimEnd().split("\n");
    expect(lines).toEqual(Array.from({ length: 20000 }, (_, i) => `line ${i}`));
  });

  test("hands over what a server has printed before, and says how much it leaves out", async () => {
    const script = "seq 20000; head -c 2000000 /dev/zero; echo all is said; exec sleep 60";
    const loud: ServerOrder = { command: ["/bin/sh", "-c", script], cwd: "/", env: {} };
    end();
    start(loud);
    await agent.begin();
    await logged(/all is said/);
    const server = await hire(loud);
    const [out, err] = [whole(server), new Response(server.stderr).text()];
    await server[Symbol.asyncDispose]();
    expect((await out).split("\n").slice(0, 20_000))
      .toEqual(Array.from({ length: 20_000 }, (_, i) => `${i + 1}`));
    expect(await err).toMatch(
      /^lab: 11\d{5} bytes that the server printed before this run are left out\n$/,
    );
  });

  test("says what cannot be started", async () => {
    const none: ServerOrder = { command: ["/none"], cwd: "/", env: {} };
    await expect(hire(none)).rejects.toThrow(/\/none/);
  });
});
