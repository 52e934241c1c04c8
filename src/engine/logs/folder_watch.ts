/**
 * How files of a folder are written, by what the kernel tells of it (inotify(7)).
 *
 * Nobody can kill a program just between making a file and writing it; but that there was such a moment can be seen.
 */

/** Takes notice of what happens in a folder from its making on. */
export class FolderWatch {
  readonly #folder: string;
  readonly #watcher: Deno.FsWatcher;
  readonly #events: AsyncIterator<Deno.FsEvent>;
  readonly #made = new Set<string>();
  readonly #written = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    this.#watcher = Deno.watchFs(folder, { recursive: false });
    this.#events = this.#watcher[Symbol.asyncIterator]();
  }

  /** The files that were written under the names under which they were made, until now. */
  async writtenInPlace(): Promise<string[]> {
    // What happens to a file of ours is the last of it. Nobody knows its name before it is there.
    const name = `.watched-${crypto.randomUUID()}`;
    const path = `${this.#folder}/${name}`;
    await Deno.writeTextFile(path, "", { createNew: true });
    try {
      await this.#takeUntil(name);
    } finally {
      await Deno.remove(path).catch(() => {}); // It may be gone, or something else by now.
    }
    return [...this.#written].sort();
  }

  async #takeUntil(last: string): Promise<void> {
    for (;;) {
      const event = await this.#events.next();
      if (event.done) return;
      const { kind, paths } = event.value;
      const names = paths.map((path) => path.slice(path.lastIndexOf("/") + 1));
      if (names.includes(last)) return;
      for (const name of names) {
        if (kind === "create") this.#made.add(name);
        // What is open for writing is closed: only where it was made under this name was it written under it.
        if (kind === "access" && this.#made.has(name)) this.#written.add(name);
      }
    }
  }

  /** Ends it; who waits for what it tells does so no longer. */
  close(): void {
    this.#watcher.close();
  }
}
