/** The sandbox of a submission: a container at the server's place and one on client host 1, each when it is first needed. */
import type { LogFolder } from "../logs/log_folder.ts";
import { LogFolderThere } from "../logs/log_folder_calls.ts";
import { delay } from "../process.ts";
import type { Sandbox, SandboxOptions } from "../testbed.ts";
import { type Cell, startCell } from "./cell.ts";
import type { Engine } from "./container.ts";
import { MEMORY, type TestbedFacts } from "./containers.ts";
import type { EngineEvents } from "./events.ts";
import { removeContainers } from "./removal.ts";

/** What programs may take unless their lab says otherwise. */
const LIMITS = { memory: MEMORY, pids: 512 };
/** Milliseconds that containers have to end once nobody is connected to them. */
const PATIENCE = 3000;

/** What sandboxes stand on. */
export interface SandboxSurroundings {
  engine: Engine;
  events: EngineEvents;
  facts: TestbedFacts;
  /** Its network is that of no other testbed. */
  serverAddress: string;
}

type Place = "server" | "client";

/** A sandbox of containers. */
export class DockerSandbox implements Sandbox {
  readonly #options: SandboxOptions & { image: string };
  readonly #on: SandboxSurroundings;
  readonly #number: number;
  readonly #cells = new Map<Place, Promise<Cell>>();
  readonly #started: Cell[] = [];

  /**
   * @param options `image` is the tag of one that has the agent.
   * @param number Of those of the testbed.
   */
  constructor(
    options: SandboxOptions & { image: string },
    on: SandboxSurroundings,
    number: number,
  ) {
    this.#options = options;
    this.#on = on;
    this.#number = number;
  }

  readonly startServer: Sandbox["startServer"] = async (program) =>
    await (await this.#cell("server")).client.run(program);

  readonly startClient: Sandbox["startClient"] = async (program) =>
    await (await this.#cell("client")).client.run(program);

  /** At the server's place. `clear()` empties it. */
  readonly logs: LogFolder = new LogFolderThere(async (call) =>
    call.method === "empty"
      ? { value: null }
      : await (await this.#cell("server")).client.callLogs(call)
  );

  async clear(): Promise<void> {
    await Promise.all(this.#started.map(async (cell) => {
      const end = cell.ended();
      if (end === null) return await cell.client.clear();
      // That of memory is the programs' doing. Nothing else in there may end the agent.
      if (end.why === undefined) throw new Error("The sandbox has ended, and nobody knows why");
    }));
  }

  get ended(): boolean {
    return this.#started.some((cell) => cell.ended() !== null);
  }

  async #cell(place: Place): Promise<Cell> {
    const known = this.#cells.get(place);
    if (known !== undefined) return await known;
    const starting = this.#start(place);
    this.#cells.set(place, starting);
    // One that could not be started is started anew when it is needed again.
    starting.catch(() => this.#cells.delete(place));
    return await starting;
  }

  async #start(place: Place): Promise<Cell> {
    const { image, files, limits = LIMITS } = this.#options;
    const cell = await startCell(this.#on, { image, limits, place, number: this.#number });
    this.#started.push(cell);
    await cell.client.put(files);
    return cell;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#cells.values());
    for (const cell of this.#started) cell.close();
    const late = delay(PATIENCE);
    const gone = Promise.all(this.#started.map((cell) => cell.gone)).then(() => true);
    const inTime = await Promise.race([gone, late.done.then(() => false)]);
    late.cancel();
    if (!inTime) await removeContainers(this.#on.engine.docker, this.#started.map(({ id }) => id));
  }
}
