import { expect, test } from "vitest";
import type { ProgramExit, RunningProgram } from "../engine/mod.ts";
import { findLab } from "../lab/mod.ts";
import { benchOf } from "./bench.ts";
import { placeOf } from "./programs.ts";
import type { Session } from "./session.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);

test("a program that comes to run when its check is over is ended", async () => {
  const exited = Promise.withResolvers<ProgramExit>();
  const started = Promise.withResolvers<RunningProgram>();
  const asked = Promise.withResolvers<void>();
  const session = {
    testbed: {
      serverAddress: "10.77.0.2",
      startServer() {
        asked.resolve();
        return started.promise;
      },
    },
    link: { begin: () => Promise.resolve() },
    peers: [],
    hurry: () => Promise.resolve(),
  } as unknown as Session;
  const { bench, close, tested } = benchOf({
    check: {
      ...{ id: "late", title: "It works", points: 1, program: "server", hint: "Look" },
      run: () => Promise.resolve(),
    },
    place: placeOf(findLab(ROOT, "lab3"), "server"),
    submission: {
      name: "made-up",
      missing: () => null,
      server: () => ({ command: ["server"] }),
      client: () => ({ command: ["client"] }),
    },
    ...{ session, seed: "7", out: "/nowhere", signal: new AbortController().signal },
  });
  void bench.startServer({ listens: false });
  await asked.promise;
  close();
  started.resolve({
    pid: null,
    stdout: ReadableStream.from([]),
    stderr: ReadableStream.from([]),
    exited: exited.promise,
    kill: (signal) => exited.resolve({ code: 137, signal }),
    memory: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  expect(await exited.promise).toMatchObject({ signal: "SIGKILL" });
  expect(tested).toEqual([]);
});
