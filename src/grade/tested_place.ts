/** Where programs under test are started: beside the peers, or shut in. */
import type { LogFolder, Sandbox, StartedTestbed } from "../engine/mod.ts";

/** A place for them; a sandbox is one. */
export interface TestedPlace
  extends
    Omit<Sandbox, keyof AsyncDisposable>,
    Partial<Pick<StartedTestbed, "prepare">>,
    AsyncDisposable {}

/** The testbed's own hosts, for programs that are trusted; what they write is a folder of this machine. */
export function besidePeers(testbed: StartedTestbed, logs: LogFolder): TestedPlace {
  return {
    startServer: (program) => testbed.startServer(program),
    startClient: (program) => testbed.startClient(program),
    prepare: (where, program) => testbed.prepare?.(where, program),
    logs,
    // What programs have started ends with them.
    clear: () => logs.empty(),
    ended: false,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
