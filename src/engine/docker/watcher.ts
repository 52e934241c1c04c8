/**
 * A process of its own that outlives the tool: once the tool has gone, however it did, it removes what the tool's labels
 * are on. It begins before the first of that is made. Small, for most of the time it only waits:
 *
 *     deno run -A src/engine/docker/watcher.ts SOCKET STATE_FOLDER LABEL...
 *
 * It ends without a deed where standard input ends behind the word `done`.
 */

/** Milliseconds after which it looks again: what was asked for as the tool ended may yet come to be. */
const AGAIN = [0, 300, 1200];
/** Milliseconds between tries while the engine does not answer, and how long they go on. */
const PAUSE = 500, PATIENCE = 600_000;

async function watch([socket, state, ...labels]: string[]): Promise<void> {
  const said = await new Response(Deno.stdin.readable).text().catch(() => "");
  if (said.startsWith("done")) return;
  if (state) await Deno.remove(state, { recursive: true }).catch(() => {});
  const { parseDockerSocket } = await import("../docker_socket.ts");
  const { openClient } = await import("./module.ts");
  const { removeLabelled } = await import("./removal.ts");
  const { delay } = await import("../process.ts");
  const docker = await openClient(parseDockerSocket(socket!)!);
  const deadline = performance.now() + PATIENCE;
  for (const rest of AGAIN) {
    await delay(rest).done;
    for (;;) {
      try {
        await removeLabelled(docker, labels);
        break;
      } catch {
        if (performance.now() > deadline) return;
        await delay(PAUSE).done;
      }
    }
  }
}

if (import.meta.main) {
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(name, () => {});
  }
  await watch(Deno.args).catch(() => {});
  Deno.exit(0);
}
