import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { RunningProgram } from "../engine/mod.ts";
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
