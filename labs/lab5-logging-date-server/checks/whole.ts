/**
 * Whether log files are there whole or not at all, by what the kernel tells of the folder (inotify(7)): a file that is
 * given its name when it is whole is never written, under that name, afterwards.
 *
 * Nobody can kill a program just between making a file and writing it; but that there was such a moment can be seen.
 */
import type { Bench } from "../../../src/grade/mod.ts";

/** No log file's name, nor one that a program is likely to give. */
const LAST = ".watched";

/** Tells from now on what happens in the folder. */
export function watchFolder(bench: Bench): { writtenInPlace(): Promise<string[]>; close(): void } {
  const watcher = Deno.watchFs(bench.folder, { recursive: false });
  const events = watcher[Symbol.asyncIterator]();
  const made = new Set<string>(), written = new Set<string>();

  /** Takes what has happened until now: a file of ours is the last of it. */
  async function takeAll() {
    const last = `${bench.folder}/${LAST}`;
    Deno.writeTextFileSync(last, "");
    try {
      for (;;) {
        const event = await events.next();
        if (event.done) return;
        const { kind, paths } = event.value;
        const names = paths.map((path) => path.slice(path.lastIndexOf("/") + 1));
        if (names.includes(LAST)) return;
        for (const name of names) {
          if (kind === "create") made.add(name);
          // What is open for writing is closed: only where it was made under this name was it written under it.
          if (kind === "access" && made.has(name)) written.add(name);
        }
      }
    } finally {
      Deno.removeSync(last);
    }
  }

  return {
    /** The log files that had their names before they were whole. To be asked once, when nobody writes any more. */
    async writtenInPlace() {
      await takeAll();
      return [...written].filter((name) => /^log\d+\.txt$/.test(name)).sort();
    },
    close: () => watcher.close(),
  };
}
