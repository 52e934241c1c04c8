/** What checks come to, with checks and programs that are made for it. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { inPlace } from "../../scripts/check_lab.ts";
import {
  type Bench,
  type Check,
  type CheckResult,
  defineChecks,
  handedIn,
  letEnd,
  runChecks,
  takeSnapshot,
} from "../../src/grade/mod.ts";
import { findLab } from "../../src/lab/mod.ts";
import { cannotRun, ROOT } from "../cli/lab_stage.ts";

const patience = 60_000;
let folder = "";

beforeEach(() => {
  folder = Deno.makeTempDirSync({ prefix: "socklab-outcomes-" });
  Deno.chmodSync(folder, 0o755);
});
afterEach(() => Deno.removeSync(folder, { recursive: true }));

const ECHO_UDP = `
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
for await (const [bytes, from] of socket) await socket.send(bytes, from);`;

const ECHO_TCP = `
for await (const connection of Deno.listen({ port: 6015 })) {
  void connection.readable.pipeTo(connection.writable).catch(() => {});
}`;

/** Ends of a client that says nothing: at once, or only when it has worked for a while, and has served others meanwhile. */
const DIES = (work: number) => `
import { setImmediate } from "node:timers";
for await (const connection of Deno.listen({ port: 6015 })) void serve(connection);
async function serve(connection) {
  const buffer = new Uint8Array(100);
  const length = await connection.read(buffer);
  if (length === null) await end();
  await connection.write(buffer.subarray(0, length));
}
async function end() {
  const until = performance.now() + ${work};
  while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
  Deno.exit(1);
}`;

/** A client closes without a word; fails unless the server has ended when the next one would come. */
async function meetsItsEnd(bench: Bench): Promise<void> {
  const server = await bench.startServer();
  await (await bench.connect()).close();
  await letEnd(bench, server);
  if (server.runs) bench.fail("The next client would meet it");
}

/** Runs checks that do this against a server. */
async function outcomes(
  server: string,
  acts: readonly ((bench: Bench) => Promise<void>)[],
  { lab: id = "lab3", signal = new AbortController().signal, time = signal }: {
    lab?: string;
    signal?: AbortSignal;
    time?: AbortSignal;
  } = {},
): Promise<CheckResult[]> {
  Deno.writeTextFileSync(`${folder}/server.ts`, server);
  const lab = findLab(ROOT, id);
  const checks: readonly Check[] = defineChecks(acts.map((run, at) => ({
    ...{
      id: `check-${at + 1}`,
      title: "It works",
      points: 5,
      program: "server",
      hint: "Look",
      run,
    },
  })));
  const handed = handedIn(takeSnapshot(folder), { lab, name: folder });
  const { checks: results } = await runChecks({
    lab,
    checks,
    submission: inPlace(ROOT, { handed, folder }),
    engine: "local",
    seed: 7n,
    version: "0",
    time,
    signal,
  });
  return results;
}

/** The peers among the descendants of this process. */
function ownPeers(): number[] {
  const all = [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(
    Number.isInteger,
  );
  return all.filter((pid) => {
    try {
      const isPeer = Deno.readTextFileSync(`/proc/${pid}/cmdline`).includes("/peer/main.ts");
      return isPeer && isBelow(pid, Deno.pid);
    } catch {
      return false; // Gone by now.
    }
  });
}

function isBelow(pid: number, ancestor: number): boolean {
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))?.[1]);
  return parent === ancestor || (parent > 1 && isBelow(parent, ancestor));
}

/** Sends a datagram and gets it back. */
async function exchange(bench: Bench): Promise<void> {
  await bench.startServer();
  const client = await bench.datagrams();
  await bench.step("a client sends", () => client.send("hello"));
  await bench.step("it comes back", () => client.expect("hello"));
}

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test("a check whose script comes true passes, and shows what the link saw", async () => {
    const [result] = await outcomes(ECHO_UDP, [async (bench) => {
      await bench.link({ script: "lose 1; down: duplicate 1" });
      await bench.startServer();
      const client = await bench.datagrams();
      await client.send("lost");
      await client.send("doubled");
      await client.expect("doubled");
      await client.expect("doubled");
      const packets = await bench.packets();
      expect(packets.map(({ dir, fate }) => `${dir} ${fate}`))
        .toEqual(["up lost", "up delivered", "down duplicated"]);
      expect((await bench.counts()).down).toMatchObject({ seen: 1, delivered: 2, duplicated: 1 });
    }]);
    expect(result).toMatchObject({ verdict: "pass", score: 5, attempts: 1, message: null });
  }, patience);

  test("letEnd() waits for a server that works on its end", async () => {
    const [result] = await outcomes(DIES(600), [meetsItsEnd], { lab: "lab4" });
    expect(result).toMatchObject({ verdict: "pass", message: null });
  }, patience);

  test("letEnd() waits for what is under way to the server", async () => {
    const far = async (bench: Bench) => {
      await bench.link({ up: "delay 400ms" });
      await meetsItsEnd(bench);
    };
    const [result] = await outcomes(DIES(0), [far], { lab: "lab4" });
    expect(result).toMatchObject({ verdict: "pass", message: null });
  }, patience);

  test(
    "letEnd() returns once a server that goes on has dealt with what came",
    async () => {
      const [result] = await outcomes(ECHO_TCP, [async (bench) => {
        const server = await bench.startServer();
        await (await bench.connect()).close();
        await letEnd(bench, server);
        const { CLOSE_WAIT = 0, ESTABLISHED = 0 } = await bench.socketStates();
        expect({ runs: server.runs, CLOSE_WAIT, ESTABLISHED })
          .toEqual({ runs: true, CLOSE_WAIT: 0, ESTABLISHED: 0 });
      }], { lab: "lab4" });
      expect(result).toMatchObject({ verdict: "pass", message: null });
    },
    patience,
  );

  test("a scripted loss that did not happen is inconclusive, after three attempts", async () => {
    const [result] = await outcomes(ECHO_UDP, [async (bench) => {
      await bench.link({ script: "lose 5" });
      await exchange(bench);
    }]);
    expect(result).toMatchObject({
      ...{ verdict: "inconclusive", score: 0, attempts: 3 },
      message: expect.stringContaining("packet 5 towards the server was to be lost"),
    });
  }, patience);

  test("a program that sends too little for the script fails all the same", async () => {
    const [result] = await outcomes(ECHO_UDP.replace("await socket.send(bytes, from)", ""), [
      async (bench) => {
        await bench.link({ script: "down: lose 1" });
        await exchange(bench);
      },
    ]);
    expect(result).toMatchObject({ verdict: "fail", attempts: 1 });
  }, patience);

  test("a fault of a check is an error, and the next check runs", async () => {
    const results = await outcomes(ECHO_UDP, [
      async (bench) => {
        await bench.startServer();
        throw new TypeError("ours");
      },
      exchange,
    ]);
    expect(results.map(({ verdict, message }) => [verdict, message]))
      .toEqual([["error", "ours"], ["pass", null]]);
  }, patience);

  test("what goes on behind a failed check does no harm to the next", async () => {
    const results = await outcomes(ECHO_UDP, [
      async (bench) => {
        await bench.startServer();
        const [one, other] = [await bench.datagrams(), await bench.datagrams()];
        // Nobody waits for the first; it outlasts the check.
        void bench.step("never", () => one.expect("never"));
        await other.send("hello");
        await bench.step("it comes back", () => other.expect("HELLO"));
      },
      exchange,
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(["fail", "pass"]);
    expect(results[0]!.steps.at(-1)).toEqual({ what: "it comes back", passed: false });
  }, patience);

  test("an answer without an end fails the check that reads it", async () => {
    const server = `
      const bytes = new Uint8Array(1 << 16).fill(0x61);
      for await (const connection of Deno.listen({ port: 6015 })) {
        void (async () => { for (;;) await connection.write(bytes); })().catch(() => {});
      }`;
    const [result] = await outcomes(server, [async (bench) => {
      await bench.startServer();
      const stream = await bench.connect();
      await bench.step("a line comes", () => stream.readLine());
    }], { lab: "lab4" });
    expect(result).toMatchObject({
      verdict: "fail",
      message: "Too much: the server sends without an end (waited for a line)",
    });
  }, patience);

  test("where a peer dies, that check is an error, and the next gets another testbed", async () => {
    const results = await outcomes(ECHO_UDP, [
      async (bench) => {
        await bench.startServer();
        const peers = ownPeers();
        expect(peers.length).toBeGreaterThan(0);
        for (const pid of peers) Deno.kill(pid, "SIGKILL");
        await (await bench.datagrams()).receive();
      },
      exchange,
    ]);
    expect(results.map(({ verdict }) => verdict)).toEqual(["error", "pass"]);
    expect(results[0]!.message).toMatch(/^A peer has ended/);
  }, patience);

  test("a server that dies fails the check that noticed, with its words", async () => {
    const dies = `${
      ECHO_UDP.replace("await socket.send(bytes, from)", "throw new Error('no paper')")
    }`;
    let whole = false, inTime = false;
    const [result] = await outcomes(dies, [async (bench) => {
      await bench.startServer();
      const client = await bench.datagrams();
      await client.send("hello");
      bench.until("the whole patience is over", () => undefined).catch(() => whole = true);
      await client.expect("hello").finally(() => inTime = !whole);
    }]);
    expect(result).toMatchObject({
      verdict: "fail",
      expected: { text: "hello" },
      actual: { length: 0 },
      evidence: {
        ended: expect.stringMatching(/^The server has ended \(exit status 1\), saying: .*no paper/),
      },
    });
    // Not the whole patience: who has ended sends nothing more.
    expect(inTime).toBe(true);
  }, patience);

  test("what a program says when its clients are taken away is not shown", async () => {
    const server = `
for await (const connection of Deno.listen({ port: 6015 })) {
  console.log("a client");
  await connection.read(new Uint8Array(9));
  console.log("a line");
  for (;;) await connection.read(new Uint8Array(9)).catch(() => console.log("a reset"));
}`;
    const [result] = await outcomes(server, [async (bench) => {
      await bench.startServer();
      const stream = await bench.connect();
      await stream.send("hello\n");
      await stream.expect("HELLO\n");
    }], { lab: "lab4" });
    expect(result).toMatchObject({
      verdict: "fail",
      evidence: { printed: ["a client", "a line"], ended: null },
    });
  }, patience);

  test(
    "a server that prints without an end is ended, whatever it answers; the next one is judged afresh",
    async () => {
      const floods = `
      const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
      const [bytes, from] = await socket.receive();
      const block = new Uint8Array(1 << 16).fill(0x61);
      for (let i = 0; i < 1e5; i++) Deno.stdout.writeSync(block);
      await socket.send(bytes, from);`;
      const results = await outcomes(floods, [
        exchange,
        async (bench) => void await bench.startServer(),
      ]);
      expect(results.map(({ verdict, message }) => [verdict, message])).toEqual([
        ["fail", "Print less: the server was ended, as it printed more than 32 MiB"],
        ["pass", null],
      ]);
    },
    patience,
  );

  test("a server that does not start fails with the reason", async () => {
    const [result] = await outcomes("console.error('no paper'); Deno.exit(4);", [exchange]);
    expect(result).toMatchObject({
      verdict: "fail",
      steps: [{ what: "the server starts and listens", passed: false }],
      message: expect.stringMatching(/exit status 4\), saying: no paper/),
    });
  }, patience);

  test("socket errors are told in words, of which a connection has them all", async () => {
    const act =
      (how: (stream: Awaited<ReturnType<Bench["connect"]>>) => Promise<unknown>) =>
      async (bench: Bench) => {
        await bench.startServer();
        const stream = await bench.connect();
        await how(stream);
      };
    const server = `for await (const connection of Deno.listen({ port: 6015 })) {
      const buffer = new Uint8Array(9);
      await connection.read(buffer);
      if (buffer[0] === 0x65) connection.close();
      if (buffer[0] === 0x64) Deno.exit(0);
    }`;
    const results = await outcomes(server, [
      act(async (stream) => {
        await stream.send("e");
        await stream.read(1);
      }),
      act(async (stream) => {
        await stream.send("s");
        await stream.read(1);
      }),
      async (bench) => {
        await bench.startServer();
        const stream = await bench.connect();
        await stream.send("d");
        await stream.closed();
        await bench.until("it is gone", async () => await bench.isListening() ? undefined : true);
        await bench.connect();
      },
    ], { lab: "lab4" });
    expect(results.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^End of stream: the server closed the connection/),
      expect.stringMatching(/^Timed out: nothing came within 3 s/),
      expect.stringMatching(/^Connection refused: nothing listens/),
    ]);
    expect(results.every(({ verdict }) => verdict === "fail")).toBe(true);
  }, patience);

  test("the ladder is that of the connection that failed", async () => {
    const [result] = await outcomes(ECHO_TCP, [async (bench) => {
      await bench.startServer();
      const [one, other] = [await bench.connect(), await bench.connect({ host: 2 })];
      await one.send("from one");
      await one.expect("from one");
      await other.send("from the other");
      await other.expect("FROM THE OTHER");
    }], { lab: "lab4" });
    const ladder = result!.evidence!.ladder.join("\n");
    expect(ladder).toContain("from the other");
    expect(ladder).not.toContain("from one");
  }, patience);

  test("when the time is over, what was judged stays, and the rest is inconclusive", async () => {
    const time = new AbortController();
    const results = await outcomes(ECHO_UDP, [
      async (bench) => {
        await bench.startServer();
        bench.fail("It says nothing");
      },
      async (bench) => {
        await bench.startServer();
        time.abort(new Error("The time is over"));
        await (await bench.datagrams()).receive();
      },
      exchange,
    ], { time: time.signal });
    const over = { verdict: "inconclusive", message: "The time is over", score: 0 };
    expect(results).toMatchObject([{ verdict: "fail", message: "It says nothing" }, over, over]);
    expect(ownPeers()).toEqual([]);
  }, patience);

  test("an abort ends checks at once, and nothing runs on", async () => {
    const stop = new AbortController();
    const running = outcomes(ECHO_UDP, [async (bench) => {
      await bench.startServer();
      expect(ownPeers().length).toBeGreaterThan(0);
      stop.abort(new DOMException("Interrupted", "AbortError"));
      await (await bench.datagrams()).receive();
    }], { signal: stop.signal });
    await expect(running).rejects.toThrow("Interrupted");
    expect(ownPeers()).toEqual([]);
  }, patience);
});
