/** The sandbox of a testbed: a container at the server's place and one on client host 1, with an agent in each. */
import { MuxClient } from "../../link/mod.ts";
import { MachineError } from "../machine_error.ts";
import { delay } from "../process.ts";
import { SandboxClient } from "../sandbox/client.ts";
import type {
  ProgramExit,
  ProgramSpec,
  RunningProgram,
  Sandbox,
  SandboxOptions,
} from "../testbed.ts";
import { type Engine, startContainer } from "./container.ts";
import { MEMORY, type Place, sandboxContainer, type TestbedFacts } from "./containers.ts";
import type { EngineEvents } from "./events.ts";
import { exitOf } from "./exit.ts";
import { inputOf, splitOutput } from "./streams.ts";

/** Milliseconds that an agent has until it answers. */
const PATIENCE = 60_000;
/** What programs may take unless their lab says otherwise. */
const LIMITS = { memory: MEMORY, pids: 512 };
/**
 * The users that programs run as: numbers that Linux distributions leave alone (systemd.io/UIDS-GIDS). One for each
 * testbed, as far as they go: what the kernel counts by user is then its own.
 */
const USERS = { first: 60_578, count: 606 };

/** What a sandbox is started on. */
export interface SandboxSurroundings {
  engine: Engine;
  events: EngineEvents;
  facts: TestbedFacts;
  /** The testbed's id, in hexadecimal. */
  id: string;
}

/** A place in a sandbox. */
interface Cell {
  client: SandboxClient;
  ended: () => boolean;
}

/**
 * Starts a sandbox.
 *
 * @param options The image is the tag of one that has the agent.
 * @param before What must be done before containers start: the link and, for the second, client host 1.
 */
export async function startSandbox(
  options: SandboxOptions & { image: string },
  on: SandboxSurroundings,
  before: { server: Promise<unknown>; client: Promise<unknown> },
): Promise<Sandbox> {
  const { name } = on.facts;
  const [server, client] = await Promise.all([
    startCell("server", { beside: `${name}-link` }, { options, on, before: before.server }),
    startCell("client", { beside: `${name}-client1` }, { options, on, before: before.client }),
  ]);
  const cells = [server, client];
  return {
    startServer: (program: ProgramSpec): Promise<RunningProgram> => server.client.run(program),
    startClient: (program: ProgramSpec): Promise<RunningProgram> => client.client.run(program),
    logs: server.client.logs,
    put: async (files) => void await Promise.all(cells.map((cell) => cell.client.put(files))),
    async clear() {
      await Promise.all(cells.filter(({ ended }) => !ended()).map(({ client }) => client.clear()));
    },
    get ended() {
      return cells.some(({ ended }) => ended());
    },
  };
}

async function startCell(
  role: "server" | "client",
  place: Place,
  { options, on, before }: {
    options: SandboxOptions & { image: string };
    on: SandboxSurroundings;
    before: Promise<unknown>;
  },
): Promise<Cell> {
  const { engine, events, facts, id } = on;
  const { image, limits = LIMITS } = options;
  const uid = USERS.first + parseInt(id, 16) % USERS.count;
  const config = sandboxContainer(facts, {
    image,
    role: `sandbox-${role}`,
    place,
    user: { uid, gid: uid },
    limits,
  });
  const name = `${facts.name}-sandbox-${role}`;
  const started = await startContainer(engine, { ...config, name }, { before });
  let ended = false;
  const lost: Promise<ProgramExit> = events.endOf(started.id).then((end) => {
    ended = true;
    return exitOf(end, limits.memory);
  });
  const { stdout, stderr } = splitOutput(started.attached);
  const words = new Response(stderr).text();
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
  return { client: new SandboxClient(() => mux.open(), lost), ended: () => ended };
}
