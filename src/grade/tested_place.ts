/** Where programs under test are started: beside the peers, or shut in. */
import type { LogFolder, RunningProgram, Sandbox, StartedTestbed } from "../engine/mod.ts";

/** A place for them; a sandbox is one. */
export interface TestedPlace
  extends
    Omit<Sandbox, keyof AsyncDisposable>,
    Partial<Pick<StartedTestbed, "prepare">>,
    AsyncDisposable {}

/** The testbed's own hosts, for programs that are trusted; what they write is a folder of this machine. */
export function besidePeers(testbed: StartedTestbed, logs: LogFolder): TestedPlace {
  const starting = new Set<Promise<RunningProgram>>(), running = new Set<RunningProgram>();
  const watched = async (start: Promise<RunningProgram>) => {
    starting.add(start);
    try {
      const program = await start;
      running.add(program);
      void program.exited.then(() => running.delete(program));
      return program;
    } finally {
      starting.delete(start);
    }
  };
  return {
    startServer: (program) => watched(testbed.startServer(program)),
    startClient: (program) => watched(testbed.startClient(program)),
    prepare: (where, program) => testbed.prepare?.(where, program),
    logs,
    async clear() {
      // A check that is over may have left a program behind that was only starting.
      await Promise.allSettled(starting);
      // What programs have started ends with them.
      await Promise.all([...running].map((program) => program[Symbol.asyncDispose]()));
      await logs.empty();
    },
    ended: false,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
