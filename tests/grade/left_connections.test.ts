/** What a check leaves at the server's port does not meet the next one's server. */
import { describe, expect, test } from "vitest";
import type { Bench } from "../../src/grade/mod.ts";
import { cannotRun } from "../cli/lab_stage.ts";
import { outcomes, useOutcomes } from "./outcomes_stage.ts";

useOutcomes();

const CLOSES = "for await (const connection of Deno.listen({ port: 6015 })) connection.close();";

/** Server and client close at the same moment, as far as each of them knows. */
async function bothClose(bench: Bench): Promise<void> {
  await bench.link({ down: "delay 500ms" });
  await bench.startServer();
  const stream = await bench.connect();
  await bench.until("the server's end is on its way", async () => {
    const packets = await bench.packets();
    return packets.some(({ dir, tcp }) => dir === "down" && tcp?.flags.includes("F")) || undefined;
  });
  await stream.close();
  await bench.until("the server is in TIME-WAIT", async () => {
    return (await bench.socketStates()).TIME_WAIT === 1 || undefined;
  });
}

/** Fails unless the server's port is as if nobody had been there. */
async function meetsNothing(bench: Bench): Promise<void> {
  const states = await bench.socketStates();
  if (Object.keys(states).length > 0) bench.fail(`There is ${JSON.stringify(states)}`);
  await bench.startServer();
  await bench.connect();
}

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "connections that both sides have closed at once are not met by the next check",
    async () => {
      const results = await outcomes(CLOSES, [bothClose, meetsNothing], { lab: "lab4" });
      expect(results).toMatchObject([
        { verdict: "pass", message: null },
        { verdict: "pass", message: null },
      ]);
    },
    60_000,
  );
});
