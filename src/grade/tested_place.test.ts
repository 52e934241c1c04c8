import { expect, test } from "vitest";
import type { LogFolder, ProgramExit, RunningProgram, StartedTestbed } from "../engine/mod.ts";
import { besidePeers } from "./tested_place.ts";

test("clear() ends what runs, and what was only starting", async () => {
  const done: string[] = [];
  const program = (name: string) => {
    const exited = Promise.withResolvers<ProgramExit>();
    return {
      exited: exited.promise,
      [Symbol.asyncDispose]() {
        done.push(`${name} ended`);
        exited.resolve({ code: 0, signal: null });
        return Promise.resolve();
      },
    } as unknown as RunningProgram;
  };
  const slow = Promise.withResolvers<RunningProgram>();
  const testbed = {
    startServer: () => Promise.resolve(program("server")),
    startClient: () => slow.promise,
  } as unknown as StartedTestbed;
  const logs = { empty: () => Promise.resolve(void done.push("logs emptied")) };
  const place = besidePeers(testbed, logs as unknown as LogFolder);
  await place.startServer({ command: ["server"] });
  const started = place.startClient({ command: ["client"] });
  const cleared = place.clear();
  slow.resolve(program("client"));
  await cleared;
  expect(done.sort()).toEqual(["client ended", "logs emptied", "server ended"]);
  await started;
  await place.clear();
  expect(done).toHaveLength(4);
});
