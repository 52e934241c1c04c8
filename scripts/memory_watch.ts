/** The memory of a server, looked at now and then while clients are at it. */
import type { RunningProgram } from "../src/engine/mod.ts";

/** Milliseconds between looks, at least. */
const lookEvery = 50;

/** Looks at a server's memory. What it has before clients come says nothing of what it takes to serve them. */
export class MemoryWatch implements AsyncDisposable {
  /** The most seen, in bytes; null where no look has come to anything. */
  most: number | null = null;
  readonly #atWork = Promise.withResolvers<void>();
  readonly #stop = Promise.withResolvers<void>();
  #looking: Promise<void> = Promise.resolve();
  #over = false;

  /** Looks at this server from the first work on. */
  follow(server: Pick<RunningProgram, "memory">): void {
    this.#looking = this.#look(server).catch(() => {});
  }

  /** Says that clients have begun. */
  begin(): void {
    this.#atWork.resolve();
  }

  async #look(server: Pick<RunningProgram, "memory">): Promise<void> {
    await Promise.race([this.#atWork.promise, this.#stop.promise]);
    while (!this.#over) {
      const began = performance.now();
      const bytes = await server.memory();
      if (bytes === null) return;
      this.most = Math.max(this.most ?? 0, bytes);
      // A tree of many processes takes a while to look at: that must not slow down what is looked at.
      const rest = delay(Math.max(lookEvery, 10 * (performance.now() - began)));
      await Promise.race([rest.done, this.#stop.promise]);
      rest.cancel();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over = true;
    this.#stop.resolve();
    await this.#looking;
  }
}

/** Settles after so many milliseconds, unless it is called off. */
function delay(ms: number): { done: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  return { done: promise, cancel: () => clearTimeout(timer) };
}
