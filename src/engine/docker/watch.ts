/** Starting the watcher, which removes what we leave. */

/** The checkout that this file belongs to. */
const root = decodeURIComponent(new URL("../../..", import.meta.url).pathname).replace(/\/$/, "");

/** The watcher's other end. Without a word, it acts once this process has ended. */
export interface Watch {
  /** All is removed: it may end. */
  done(): void;
  /** Something may be left: it removes that, as long as it takes, also when this process has ended. */
  leave(): void;
}

/**
 * Starts a watcher over everything with all of the labels.
 *
 * @param socket As `parseDockerSocket()` reads it.
 * @param state A folder that goes with it; empty where none does.
 */
export function startWatch(socket: string, labels: readonly string[], state = ""): Watch {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--quiet",
      "--no-lock",
      `--config=${root}/deno.json`,
      "--node-modules-dir=manual",
      new URL("./watcher.ts", import.meta.url).href,
      socket,
      state,
      ...labels,
    ],
    cwd: "/",
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    // A session of its own: neither the terminal's Ctrl-C nor its closing is meant for it.
    detached: true,
  }).spawn();
  child.unref();
  const input = child.stdin.getWriter();
  return {
    done() {
      input.write(new TextEncoder().encode("done")).then(() => input.close()).catch(() => {});
    },
    leave() {
      input.close().catch(() => {});
    },
  };
}
