/** A check on a testbed that tests make up. */
import { LogFolderHere, type ProgramExit, type RunningProgram } from "../engine/mod.ts";
import { findLab } from "../lab/mod.ts";
import type { BenchOptions } from "./bench.ts";
import type { Bench } from "./check.ts";
import { placeOf } from "./programs.ts";
import type { Session } from "./session.ts";

const ROOT = decodeURIComponent(new URL("../..", import.meta.url).pathname);
const NO_ACTS = { lose: [], duplicate: [], corrupt: [], delay: [], hold: [] };

/** A program that prints nothing and runs until a signal ends it. */
export function madeUpProgram(): RunningProgram {
  const exited = Promise.withResolvers<ProgramExit>();
  return {
    pid: null,
    stdout: ReadableStream.from([]),
    stderr: ReadableStream.from([]),
    exited: exited.promise,
    kill: (signal) => exited.resolve({ code: 137, signal }),
    memory: () => Promise.resolve(null),
    processes: () => Promise.resolve(null),
    rests: () => Promise.resolve(null),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/**
 * What a check of a server is run with, on a testbed that starts it like that and whose link sees no packet.
 *
 * @param run What the check does.
 * @param out Where its folder goes.
 */
export function madeUpCheck(
  { run = () => Promise.resolve(), startServer, out = "/nowhere" }: {
    run?: (bench: Bench) => Promise<void>;
    startServer: () => Promise<RunningProgram>;
    out?: string;
  },
): BenchOptions {
  const done = () => Promise.resolve();
  const session = {
    testbed: { serverAddress: "10.77.0.2", broken: new Promise(() => {}) },
    link: {
      begin: done,
      end: () =>
        Promise.resolve({ packets: [], script: { up: NO_ACTS, down: NO_ACTS }, beneath: [] }),
      ambient: null,
    },
    peers: { hurry: done, clear: done },
    endLeft: done,
    isWayOpen: () => Promise.resolve(true),
  } as unknown as Session;
  return {
    check: { id: "made-up", title: "It works", points: 1, program: "server", hint: "Look", run },
    place: placeOf(findLab(ROOT, "lab3"), "server"),
    submission: {
      name: "made-up",
      missing: () => null,
      server: () => ({ command: ["server"] }),
      client: () => ({ command: ["client"] }),
    },
    tested: {
      ...{ startServer, startClient: startServer },
      ...{ clear: done, ended: false, [Symbol.asyncDispose]: done },
      logs: new LogFolderHere(`${out}/lab3/logs`),
    },
    ...{ session, seed: "7", attempt: 1, out, signal: new AbortController().signal },
  };
}
