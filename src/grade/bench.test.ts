import { expect, test } from "vitest";
import type { RunningProgram } from "../engine/mod.ts";
import { benchOf } from "./bench.ts";
import { madeUpCheck, madeUpProgram } from "./check_for_test.ts";

test("a program that comes to run when its check is over is ended", async () => {
  const started = Promise.withResolvers<RunningProgram>();
  const asked = Promise.withResolvers<void>();
  const startServer = () => {
    asked.resolve();
    return started.promise;
  };
  const { bench, close, tested } = benchOf(madeUpCheck({ startServer }));
  void bench.startServer({ listens: false });
  await asked.promise;
  close();
  const late = madeUpProgram();
  started.resolve(late);
  expect(await late.exited).toMatchObject({ signal: "SIGKILL" });
  expect(tested).toEqual([]);
});
