/** A place in a sandbox: a container with an agent, and the connections to it. */
import { MuxClient } from "../../mux/mod.ts";
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import { SandboxClient } from "../sandbox/client.ts";
import type { ProgramExit } from "../program.ts";
import { startContainer } from "./container.ts";
import { exitOf } from "./exit.ts";
import type { SandboxSurroundings } from "./sandbox.ts";
import { readWords } from "./last_words.ts";
import { sandboxContainer } from "./sandbox_container.ts";
import { inputOf, splitOutput } from "./streams.ts";

/** Milliseconds that an agent has until it answers. */
const PATIENCE = 60_000;
/**
 * The first of the users that programs run as: numbers that Linux distributions leave alone (systemd.io/UIDS-GIDS). Two
 * for each network, for the kernel counts a user's processes wherever they run.
 */
const FIRST_USER = 60_578;

/** What a cell is started with. */
export interface CellOptions {
  /** The tag of an image that has the agent. */
  image: string;
  limits: { memory: number; pids: number };
  place: "server" | "client";
  /** Of its sandbox. */
  number: number;
}

/** A cell that was started. */
export interface Cell {
  /** The container's. */
  id: string;
  client: SandboxClient;
  /** How it ended, as its programs see it; null where it runs. */
  ended(): ProgramExit | null;
  /** Leaves the agent, which ends the container. */
  close(): void;
  /** Settles once the container has ended. */
  gone: Promise<unknown>;
}

/** Starts one at its place in a testbed that stands. @throws {MachineError} Where its agent does not start. */
export async function startCell(
  { engine, events, facts, serverAddress }: SandboxSurroundings,
  { image, limits, place, number }: CellOptions,
): Promise<Cell> {
  const uid = FIRST_USER + 2 * Number(serverAddress.split(".")[2]) + (place === "server" ? 0 : 1);
  const config = sandboxContainer(facts, {
    image,
    role: `sandbox-${place}`,
    place: { beside: `${facts.name}-${place === "server" ? "link" : "client1"}` },
    user: { uid, gid: uid },
    limits,
  });
  const name = `${facts.name}-sandbox-${place}-${number}`;
  const started = await startContainer(engine, { ...config, name });
  let ended: ProgramExit | null = null;
  const gone = events.endOf(started.id).then((end) => ended = exitOf(end, limits.memory));
  const { stdout, stderr } = splitOutput(started.attached);
  const words = readWords(stderr);
  const mux = new MuxClient({ readable: stdout, writable: inputOf(started.attached) });
  const late = delay(PATIENCE);
  try {
    const ready = await Promise.race([mux.ready.then(() => true), late.done.then(() => false)]);
    if (!ready) throw new Error("it was not ready in time");
  } catch (error) {
    started.attached.close();
    const [line = (error as Error).message] = (await words).trim().split("\n");
    throw new MachineError(`Look at the image ${image}: its agent has not started: ${line}`, {
      cause: error,
    });
  } finally {
    late.cancel();
  }
  return {
    id: started.id,
    client: new SandboxClient(() => mux.open(), gone),
    ended: () => ended,
    close: () => mux.close(),
    gone,
  };
}
