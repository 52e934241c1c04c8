/** What the reaper asks of the engine, over its socket: lists by filter, and removals. */
import { request } from "node:http";
import type { Filter } from "./filter.ts";

/** What Testcontainers labels its reapers with; they are not removed: each ends by itself. */
const REAPER_LABEL = "org.testcontainers.ryuk";

/** The kinds of resources, in the order in which they let go of each other. */
const KINDS = [
  { name: "container", list: "/containers/json?all=1&", options: "?force=1&v=1" },
  { name: "network", list: "/networks?", options: "" },
  { name: "volume", list: "/volumes?", options: "?force=1" },
  { name: "image", list: "/images/json?", options: "?force=1" },
] as const;

/** One resource of the engine. */
interface Resource {
  Id?: string;
  Name?: string;
  Labels?: Record<string, string> | null;
}

/** An engine on a Unix socket. */
export class Engine {
  readonly #socket: string;

  constructor(socket: string) {
    this.#socket = socket;
  }

  /**
   * Removes all that matches, containers with their anonymous volumes first. Resolves to one line
   * for each that was removed (`container 5f2c…`) and for each that was not, with the reason.
   */
  async remove(filter: Filter): Promise<{ removed: string[]; failed: string[] }> {
    const removed: string[] = [];
    const failed: string[] = [];
    const filters = `filters=${encodeURIComponent(JSON.stringify(filter))}`;
    for (const { name, list, options } of KINDS) {
      const { status, body } = await this.#ask("GET", list + filters);
      if (status !== 200) {
        // A key that a kind of resource does not have: nothing of that kind matches.
        if (status !== 400) failed.push(`${name}s: ${reason(status, body)}`);
        continue;
      }
      const found = (name === "volume" ? (body as { Volumes?: Resource[] }).Volumes : body) as
        | Resource[]
        | null;
      for (const { Id, Name, Labels } of found ?? []) {
        if (Labels?.[REAPER_LABEL] === "true") continue;
        const id = name === "volume" ? Name! : Id!;
        const path = `/${name}s/${encodeURIComponent(id)}${options}`;
        const { status, body } = await this.#ask("DELETE", path);
        // Somebody else was first: gone is gone.
        if (status < 300 || status === 404) removed.push(`${name} ${id}`);
        else failed.push(`${name} ${id}: ${reason(status, body)}`);
      }
    }
    return { removed, failed };
  }

  #ask(method: string, path: string): Promise<{ status: number; body: unknown }> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.#socket, method, path }, (answer) => {
        const chunks: Uint8Array[] = [];
        answer.on("data", (chunk: Uint8Array) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", async () => {
          const text = await new Blob(chunks as BlobPart[]).text();
          try {
            resolve({ status: answer.statusCode ?? 0, body: text ? JSON.parse(text) : null });
          } catch {
            resolve({ status: answer.statusCode ?? 0, body: text });
          }
        });
      });
      asked.on("error", reject);
      asked.end();
    });
  }
}

function reason(status: number, body: unknown): string {
  return (body as { message?: string } | null)?.message ?? `status ${status}`;
}
