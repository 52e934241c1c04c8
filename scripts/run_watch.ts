/** Waiting for a program to be saved. */

/** Editors write a file in several steps: so many milliseconds of rest end a change. */
const REST = 100;

/**
 * Watches programs and the files beside them from its making on: what is saved while nobody waits is not lost. What runs
 * write, and what editors keep for themselves, is none of it.
 */
export class ProgramWatch implements Disposable {
  readonly #watcher: Deno.FsWatcher;
  #change = Promise.withResolvers<void>();

  /**
   * @param files Absolute paths of the programs.
   * @param out Absolute path of the folder that runs write to.
   */
  constructor(files: readonly string[], out: string) {
    const folders = [...new Set(files.map((file) => file.slice(0, file.lastIndexOf("/")) || "/"))];
    this.#watcher = Deno.watchFs(folders);
    void this.#follow(out);
  }

  async #follow(out: string): Promise<void> {
    for await (const { kind, paths } of this.#watcher) {
      if (kind !== "access" && paths.some((path) => isSource(path, out))) this.#change.resolve();
    }
  }

  /** Settles once a file has changed since this last settled, or since the watch began; or at the signal. */
  async next(signal: AbortSignal): Promise<void> {
    const stop = () => this.#change.resolve();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    await this.#change.promise;
    signal.removeEventListener("abort", stop);
    while (!signal.aborted && await this.#changesAgain()) {
      // It is being written still.
    }
  }

  /** Whether another change comes before there has been a rest. */
  async #changesAgain(): Promise<boolean> {
    this.#change = Promise.withResolvers();
    const { promise: rested, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, REST, false);
    const again = await Promise.race([rested, this.#change.promise.then(() => true)]);
    clearTimeout(timer);
    return again;
  }

  [Symbol.dispose](): void {
    this.#watcher.close();
  }
}

/** Whether a path, absolute, is of a file that programs may be made of. Pure. */
export function isSource(path: string, out: string): boolean {
  if (path === out || path.startsWith(`${out}/`)) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  return !name.startsWith(".") && !name.endsWith("~");
}
