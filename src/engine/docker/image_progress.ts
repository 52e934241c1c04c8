/** How far an image is, in words for the user: from what BuildKit and mmdebstrap tell. Pure. */
import type { Trace } from "./image_trace.ts";

/** What is being done, and how far it is. */
export interface Stage {
  /** Such as `pulling debian:13.1-slim`; empty where there is nothing to say. */
  text: string;
  /** Bytes done and to do; absent where nobody knows. */
  done?: number;
  total?: number;
}

/** Follows a build by its records. */
export class BuildProgress {
  /** The last lines that a failing command wrote. */
  readonly lastLines: string[] = [];
  readonly #names = new Map<string, string>();
  readonly #parts = new Map<string, { step: string; current: number; total: number }>();
  readonly #asking = new Set<string>();
  #stage: Stage = { text: "" };

  /** Whether a registry has been asked for something and has not answered yet. */
  get asking(): boolean {
    return this.#asking.size > 0;
  }

  /** Takes a record; returns what is being done now. */
  take({ steps, parts, logs }: Trace): Stage {
    for (const { digest, name, started, completed } of steps) {
      this.#names.set(digest, name);
      const stage = stageOf(name);
      if (/^\[internal\] load metadata/.test(name)) {
        if (started && !completed) this.#asking.add(digest);
        else if (completed) this.#asking.delete(digest);
      }
      if (started && !completed && stage !== null) this.#stage = { text: stage };
    }
    for (const { id, step, current, total } of parts) this.#parts.set(id, { step, current, total });
    for (const log of logs) {
      this.lastLines.push(...log.split("\n").filter((line) => line.trim() !== ""));
      this.lastLines.splice(0, this.lastLines.length - 20);
    }
    return this.#withBytes(this.#stage);
  }

  /** Layers of a pull come side by side: their sum says how far it is. */
  #withBytes(stage: Stage): Stage {
    if (!stage.text.startsWith("pulling ")) return stage;
    let done = 0, total = 0;
    for (const part of this.#parts.values()) {
      if (stageOf(this.#names.get(part.step) ?? "") !== stage.text || part.total === 0) continue;
      done += part.current;
      total += part.total;
    }
    return total === 0 ? stage : { ...stage, done, total };
  }
}

/** What a step does, in words for the user; null for those that are over at once. */
export function stageOf(name: string): string | null {
  const image = /(?:docker\.io\/)?(?:library\/)?([^\s@]+)(?:@\S+)?$/.exec(name)?.[1];
  // Our own is there already.
  if (image?.startsWith("socklab/")) return null;
  if (/^\[internal\] load metadata for /.test(name)) return `asking for ${image}`;
  if (/\] FROM /.test(name)) return `pulling ${image}`;
  if (/download\.sh/.test(name)) return "fetching Debian packages";
  if (/assemble\.ts/.test(name)) return "putting its files together";
  if (/^exporting/.test(name)) return "storing it";
  return null;
}

/** What mmdebstrap does by a line of its; null for lines that say nothing to the user. */
export function debianStage(line: string): string | null {
  if (/running apt-get update/.test(line)) return "fetching the list of Debian packages";
  if (/downloading packages/.test(line)) return "fetching Debian packages";
  if (/extracting archives/.test(line)) return "unpacking Debian packages";
  return null;
}
