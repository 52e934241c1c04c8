/** A testbed whose hosts do not reach each other any more fails nobody. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCheck } from "../../src/grade/run_check.ts";
import { madeUpCheck } from "../../src/grade/check_for_test.ts";
import { CLOSED } from "../../src/grade/open_way.ts";
import { type Session, startSession } from "../../src/grade/session.ts";
import { cannotRun } from "../cli/lab_stage.ts";

const PROTOCOLS = ["udp", "tcp"] as const;

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  let session: Session;

  beforeAll(async () => {
    const ambient = { up: "loss 100%", down: "loss 100%" };
    session = await startSession({ engine: "local", lab: "lab3", seed: 7n, ambient });
  }, 30_000);
  afterAll(() => session?.[Symbol.asyncDispose]());

  /** Has client host 1 throw away what it sends to the server, or not. */
  async function route(change: "add" | "del"): Promise<void> {
    const { testbed } = session;
    const [command = "", ...args] = testbed.shellCommand!("link");
    const shell = new Deno.Command(command, { args, stdin: "piped" }).spawn();
    const line = `ip -n client1 route ${change} blackhole ${testbed.serverAddress}/32; exit $?\n`;
    await new Blob([line]).stream().pipeTo(shell.stdin);
    expect(await shell.status).toMatchObject({ success: true });
  }

  /** What comes of a check that fails whatever the server does, once the way is as it is to be. */
  async function failing(before: () => Promise<void>) {
    const options = madeUpCheck({
      startServer: () => Promise.reject(new Error("There is none")),
      run: async (bench) => {
        await bench.link({ up: "", down: "" });
        await before();
        bench.fail("It does not answer");
      },
    });
    return await runCheck({ ...options, session });
  }

  test("what a network does is not the way's doing", async () => {
    for (const proto of PROTOCOLS) expect(await session.isWayOpen(proto)).toBe(true);
  });

  test("a way that is closed is found to be, until it is open again", async () => {
    await route("add");
    for (const proto of PROTOCOLS) expect(await session.isWayOpen(proto)).toBe(false);
    await route("del");
    for (const proto of PROTOCOLS) expect(await session.isWayOpen(proto)).toBe(true);
  }, 30_000);

  test(
    "a failure is believed where the way is open, and is the machine's where it is not",
    async () => {
      expect(await failing(() => Promise.resolve())).toMatchObject({
        verdict: "fail",
        message: "It does not answer",
      });
      expect(await failing(() => route("add"))).toMatchObject({
        verdict: "error",
        message: CLOSED,
      });
      await route("del");
    },
    30_000,
  );
});
