/** A program in a container: its streams, its signals, its end. */
import { endProgram } from "../end_program.ts";
import { delay } from "../process.ts";
import { feed } from "../program_streams.ts";
import type { ProgramExit, ProgramSpec, RunningProgram } from "../program.ts";
import type { Engine, Started } from "./container.ts";
import { containerMemory } from "./memory.ts";
import type { EngineEvents } from "./events.ts";
import { exitOf } from "./exit.ts";
import { shellLine } from "./shell_line.ts";
import { containerProcesses } from "./processes.ts";
import { inputOf, splitOutput } from "./streams.ts";

/** What a program is started in. */
export interface ProgramSurroundings {
  engine: Engine;
  events: EngineEvents;
  /** Settles where the engine is lost; how its programs ended is not known then. */
  lost: Promise<unknown>;
}

/** Makes a container that holds become a program. */
export async function becomeProgram(
  { id, attached }: Started,
  spec: ProgramSpec & { cwd: string },
  { engine, events, lost }: ProgramSurroundings,
): Promise<RunningProgram> {
  const { command } = spec.container!;
  const { stdout, stderr } = splitOutput(attached);
  let over = false;
  const exited: Promise<ProgramExit> = Promise.race([
    events.endOf(id).then((end) => exitOf(end, spec.container?.limits?.memory)),
    // Others are to hear of the loss first: it is what they should tell.
    lost.then(() => delay(1).done).then(() => ({
      code: 255,
      signal: null,
      why: "the engine has stopped",
    })),
  ]).then((exit) => {
    over = true;
    return exit;
  });
  // The container may have gone already: its end is told all the same.
  const line = shellLine({ command, cwd: spec.cwd, env: spec.env ?? {} });
  await attached.write(new TextEncoder().encode(line)).catch(() => {});
  const input = spec.input ?? "none";
  if (input === "none") await attached.closeWrite();
  else void feed(input, inputOf(attached), exited);
  const kill = (signal: "SIGINT" | "SIGTERM" | "SIGKILL") => {
    if (over) return;
    // One that has just ended is no error; an engine that has gone is told by others.
    engine.docker.getContainer(id).kill({ signal }).catch(() => {});
  };
  return {
    pid: null,
    stdout,
    stderr,
    exited,
    kill,
    memory: async () => over ? null : await containerMemory(engine.docker.getContainer(id)),
    processes: async () => over ? null : await containerProcesses(engine.docker.getContainer(id)),
    // The engine does not tell, and whoever looked from inside would be long in coming.
    rests: () => Promise.resolve(null),
    async [Symbol.asyncDispose]() {
      if (over) return;
      await endProgram({ kill, exited });
      await exited;
    },
  };
}
