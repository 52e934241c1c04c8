import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunningProgram } from "../engine/mod.ts";
import { parseScript } from "../netem/mod.ts";
import type { PacketEvent } from "../packet/mod.ts";
import type { Bench } from "./check.ts";
import { madeUpCheck, madeUpProgram } from "./check_for_test.ts";
import { runCheck } from "./run_check.ts";

const never = new Promise<never>(() => {});

let out = "";
// A machine that is not busy.
vi.mock("./peer/processor_share.ts", () => ({ processorShare: () => 1 }));

beforeEach(() => {
  out = Deno.makeTempDirSync({ prefix: "socklab-run-check-" });
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  Deno.removeSync(out, { recursive: true });
});

/** What comes of a check after more than two minutes. */
async function afterTwoMinutes(
  run: (bench: Bench) => Promise<void>,
  startServer: () => Promise<RunningProgram>,
) {
  const result = runCheck(madeUpCheck({ run, startServer, out }));
  await vi.advanceTimersByTimeAsync(125_000);
  return await result;
}

test("runCheck() blames a program that keeps a check going for two minutes, in that step", async () => {
  const result = await afterTwoMinutes(async (bench) => {
    await bench.startServer({ listens: false });
    await bench.step("it comes to an end", () => never);
  }, () => Promise.resolve(madeUpProgram()));
  expect(result).toMatchObject({
    verdict: "fail",
    message: "Timed out: this check took more than two minutes",
    steps: [
      { what: "the server starts", passed: true },
      { what: "it comes to an end", passed: false },
    ],
  });
});

test("runCheck() blames no program that a machine cannot start", async () => {
  const result = await afterTwoMinutes(
    async (bench) => void await bench.startServer({ listens: false }),
    () => never,
  );
  expect(result).toMatchObject({
    verdict: "error",
    message: "The program could not be started within two minutes",
  });
});

/** Runs a check on a network that loses the only packet of some attempts, and says so at once or in its record alone. */
function onNetwork(
  run: (bench: Bench) => Promise<void>,
  lost: (attempt: number) => boolean,
  { atOnce = false } = {},
) {
  const options = madeUpCheck({ run, startServer: () => never, out });
  let packets: PacketEvent[] = [];
  Object.assign(options.session.link, {
    ambient: { up: "loss 50%", down: "" },
    begin: (_: unknown, run: { attempt: number; onSpoiled: (deed: string) => void }) => {
      const copies = [{ at_us: 1, corrupted: false }];
      packets = [{
        ...{ v: 1, ev: "packet", dir: "up", n: 1, t_us: 0, proto: "udp", len: 29 },
        ...{ src: "10.77.0.3:1", dst: "10.77.0.2:12000" },
        ...lost(run.attempt)
          ? { fate: "lost", cause: "loss", copies: [] }
          : { fate: "delivered", copies },
      }];
      if (atOnce) run.onSpoiled("packet 1 was lost");
      return Promise.resolve();
    },
    counts: () => never,
    end: () => Promise.resolve({ packets, script: parseScript(""), beneath: ["up"] }),
  });
  return runCheck(options);
}

const fails = (bench: Bench) => Promise.resolve(bench.fail("It is wrong"));

test("runCheck() takes the first verdict that the network has left alone", async () => {
  expect(await onNetwork(fails, (attempt) => attempt < 5))
    .toMatchObject({ verdict: "fail", attempts: 5, message: "It is wrong" });
  expect(await onNetwork(() => Promise.resolve(), (attempt) => attempt < 3))
    .toMatchObject({ verdict: "pass", attempts: 3 });
});

test("runCheck() comes to no verdict where the network leaves none of twenty attempts alone", async () => {
  expect(await onNetwork(fails, () => true)).toMatchObject({
    ...{ verdict: "inconclusive", attempts: 20, score: 0 },
    message: "The network may have decided this: packet 1 towards the server was lost",
  });
});

test("runCheck() ends an attempt when there is nothing left to judge", async () => {
  const waits = async (bench: Bench) => void await bench.counts();
  expect(await onNetwork(waits, () => true, { atOnce: true })).toMatchObject({
    verdict: "inconclusive",
    message: "The network may have decided this: packet 1 was lost",
  });
});
