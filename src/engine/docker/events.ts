/** What an engine tells of the containers of a testbed: that one has ended, and how. */
import type Docker from "dockerode";
import { delay } from "../process.ts";

/** How a container ended. */
export interface ContainerEnd {
  /** The exit status of its program; 128 and the signal's number where one ended it. */
  code: number;
  /** Whether it ran out of memory. */
  memory: boolean;
}

/** Milliseconds that word of lost memory may come after word of the end. */
const LATE = 100;

/** Follows an engine's events; subscribed once `open()` has resolved. */
export class EngineEvents {
  readonly #ends = new Map<string, PromiseWithResolvers<ContainerEnd>>();
  readonly #memory = new Set<string>();
  readonly #lost = Promise.withResolvers<void>();
  #close = () => {};

  /** Settles where the engine stops telling. */
  get lost(): Promise<void> {
    return this.#lost.promise;
  }

  /** Subscribes to what happens to containers with a label. */
  static async open(docker: Docker, label: string): Promise<EngineEvents> {
    const stream = await docker.getEvents({
      filters: JSON.stringify({ type: ["container"], event: ["die", "oom"], label: [label] }),
    });
    const events = new EngineEvents();
    let text = "";
    stream.on("data", (piece: Uint8Array) => {
      const lines = (text + new TextDecoder().decode(piece)).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") events.#take(JSON.parse(line));
    });
    for (const name of ["end", "close", "error"]) stream.on(name, () => events.#lost.resolve());
    events.#close = () => (stream as unknown as { destroy(): void }).destroy();
    return events;
  }

  /** How a container ended, once it has; also where that was before. Never settles where the engine is lost. */
  endOf(id: string): Promise<ContainerEnd> {
    return this.#endOf(id).promise;
  }

  #endOf(id: string): PromiseWithResolvers<ContainerEnd> {
    const known = this.#ends.get(id);
    if (known !== undefined) return known;
    const end = Promise.withResolvers<ContainerEnd>();
    this.#ends.set(id, end);
    return end;
  }

  async #take(event: EngineEvent): Promise<void> {
    const { ID: id, Attributes } = event.Actor;
    if (event.Action === "oom") return void this.#memory.add(id);
    const code = Number(Attributes.exitCode);
    if (code === 137 && !this.#memory.has(id)) await delay(LATE).done;
    this.#endOf(id).resolve({ code, memory: this.#memory.has(id) });
  }

  close(): void {
    this.#close();
  }
}

/** Docker Engine API, "Monitor events". */
interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}
