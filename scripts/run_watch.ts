/** Waiting for a program to be saved. */

/** Editors write a file in several steps: so many milliseconds of rest end a change. */
const rest = 100;

/** Settles once one of the files, or a file beside it, has changed; or at the signal. */
export async function changeOfAny(files: readonly string[], signal: AbortSignal): Promise<void> {
  const folders = [...new Set(files.map((file) => file.slice(0, file.lastIndexOf("/")) || "/"))];
  const watcher = Deno.watchFs(folders);
  const stop = () => watcher.close();
  signal.addEventListener("abort", stop, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const event of watcher) {
    if (event.kind === "access" || timer !== undefined) continue;
    timer = setTimeout(stop, rest);
  }
  clearTimeout(timer);
  signal.removeEventListener("abort", stop);
}
