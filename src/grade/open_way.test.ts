import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { advise, probeMachine } from "../engine/mod.ts";
import { madeUpCheck } from "./check_for_test.ts";
import { CLOSED, connectionsArrive } from "./open_way.ts";
import { runCheck } from "./run_check.ts";
import { type Session, startSession } from "./session.ts";

const PORT = 12000;
const docker = { socket: null, version: null, kernel: null, reason: "absent" } as const;
const cannotRun = advise({ ...await probeMachine(), docker }).findings
  .filter(({ state }) => state === "missing")
  .map(({ topic, found }) => `${topic}: ${found}`).join("; ");

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  let session: Session;

  beforeAll(async () => {
    const ambient = { up: "loss 100%", down: "loss 100%" };
    session = await startSession({ engine: "local", lab: "lab3", port: PORT, seed: 7n, ambient });
  }, 30_000);
  afterAll(() => session?.[Symbol.asyncDispose]());

  /** Has client host 1 throw away what it sends to the server. Disposing undoes that. */
  async function closedWay(): Promise<AsyncDisposable> {
    await route("add");
    return { [Symbol.asyncDispose]: () => route("del") };
  }

  async function route(change: "add" | "del"): Promise<void> {
    const { testbed } = session;
    const [command = "", ...args] = testbed.shellCommand!("link");
    const shell = new Deno.Command(command, { args, stdin: "piped" }).spawn();
    const line = `ip -n client1 route ${change} blackhole ${testbed.serverAddress}/32; exit $?\n`;
    await new Blob([line]).stream().pipeTo(shell.stdin);
    expect(await shell.status).toMatchObject({ success: true });
  }

  function connectionsCome(): Promise<boolean> {
    const to = { host: session.testbed.serverAddress, port: PORT };
    return session.link.plainly(() => connectionsArrive(session.peers, to));
  }

  /** What comes of a check that fails whatever the server does. */
  async function failing(own = session) {
    const options = madeUpCheck({
      startServer: () => Promise.reject(new Error("There is none")),
      run: async (bench) => {
        await bench.link({ up: "", down: "" });
        bench.fail("It does not answer");
      },
    });
    return await runCheck({ ...options, session: own });
  }

  test("what a network does is not the way's doing, and none of it is left for the next check", async () => {
    expect(await session.isWayOpen(PORT)).toBe(true);
    expect(await connectionsCome()).toBe(true);
    await session.link.begin({}, { attempt: 1, onSpoiled: () => {} });
    expect(await session.link.end()).toMatchObject({ packets: [], beneath: ["up", "down"] });
  });

  test("a way that is closed is found to be, until it is open again", async () => {
    {
      await using _way = await closedWay();
      expect(await session.isWayOpen(PORT)).toBe(false);
      expect(await connectionsCome()).toBe(false);
    }
    expect(await session.isWayOpen(PORT)).toBe(true);
    expect(await connectionsCome()).toBe(true);
  }, 60_000);

  test(
    "a failure is believed where the way is open, and is the machine's where it is not",
    async () => {
      const believed = { verdict: "fail", message: "It does not answer" };
      expect(await failing()).toMatchObject(believed);
      {
        await using _way = await closedWay();
        expect(await failing()).toMatchObject({ verdict: "error", message: CLOSED });
      }
      expect(await failing()).toMatchObject(believed);
    },
    60_000,
  );

  test("where nobody can tell any more, the failure is the machine's, too", async () => {
    const isWayOpen = () => Promise.reject(new Error("The link has ended"));
    expect(await failing({ ...session, isWayOpen })).toMatchObject({
      verdict: "error",
      message: "The link has ended",
    });
  });

  test("a host whose ports connections in TIME-WAIT take is crowded", async () => {
    expect(await session.isCrowded()).toBe(false);
    const program = await session.testbed.startClient({
      command: [Deno.execPath(), "eval", "--no-config", CROWDING],
    });
    expect(await program.exited).toMatchObject({ code: 0 });
    expect(await session.isCrowded()).toBe(true);
  }, 60_000);
});

/** Connects to itself, and closes first. */
const CROWDING = `
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
for (let n = 0; n < 2500; n++) {
  const [one, other] = await Promise.all([Deno.connect(listener.addr), listener.accept()]);
  one.close();
  await other.read(new Uint8Array(1));
  other.close();
}
Deno.exit(0);
`;
