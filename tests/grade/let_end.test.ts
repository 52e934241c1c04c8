/** When the next client of a check comes: letEnd(). */
import { describe, expect, test } from "vitest";
import { type Bench, letEnd } from "../../src/grade/mod.ts";
import { cannotRun } from "../cli/lab_stage.ts";
import { ECHO_TCP, outcomes, useOutcomes } from "./outcomes_stage.ts";

const patience = 60_000;
useOutcomes();

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

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
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
});
