/** `lab run --watch`: again whenever a program is saved. */
import { describe, expect, test } from "vitest";
import { until } from "../link/poll.ts";
import { cannotRun, ROOT, SHORT, useStage } from "./lab_stage.ts";

const context = useStage();

describe.skipIf(cannotRun !== "")(`where labs run ${cannotRun}`, () => {
  test(
    "runs again when the server is saved, goes on past a faulty one, ends at Ctrl-C",
    async () => {
      const { stage } = context;
      const solution = Deno.readTextFileSync(`${ROOT}/labs/lab3-udp-uppercase/solution/server.ts`);
      const server = stage.program("server.ts", solution);
      const args = ["run", "lab3", "--out", stage.out, ...SHORT, "--server", server, "--watch"];
      const run = stage.start(args);
      const runs = () => run.out.split("--- as the link saw it ---").length - 1;
      const waits = () => run.err.split("lab: Waiting for a program to change").length - 1;
      await until(waits, (count) => count === 1);
      expect(runs()).toBe(1);
      expect(stage.states()).toEqual([]);

      stage.program("server.ts", "this is no program");
      await until(waits, (count) => count === 2);
      expect(run.err).toMatch(/^lab: Let the server listen until it is stopped: .*error/m);
      expect(runs()).toBe(1);

      // As editors do: a new file, renamed into place.
      Deno.renameSync(stage.program("server.ts~", solution), server);
      await until(waits, (count) => count === 3);
      expect(runs()).toBe(2);

      run.signal("SIGINT");
      expect((await run.end()).status).toBe(130);
      expect(stage.left()).toEqual([]);
    },
    30_000,
  );
});
