/** What checks come to, with checks and programs that are made for it. */
import { describe, expect, test } from "vitest";
import type { Bench } from "../../src/grade/mod.ts";
import { cannotRun } from "../cli/lab_stage.ts";
import { ECHO_TCP, outcomes, useOutcomes } from "./outcomes_stage.ts";

const patience = 60_000;
useOutcomes();

const ECHO_UDP = `
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
for await (const [bytes, from] of socket) await socket.send(bytes, from);`;

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
