/**
 * Stands in for Testcontainers' Ryuk where that cannot be pulled: RYUK_CONTAINER_IMAGE names this
 * image. It takes the same settings: RYUK_PORT, RYUK_CONNECTION_TIMEOUT, RYUK_RECONNECTION_TIMEOUT.
 */
import { Engine } from "./engine.ts";
import { parseDuration } from "./filter.ts";
import { serve } from "./reaper.ts";

const port = Number(Deno.env.get("RYUK_PORT") || "8080");
const engine = new Engine("/var/run/docker.sock");
const ending = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(name, () => ending.abort());
}
const connectionMs = duration("RYUK_CONNECTION_TIMEOUT", "60s");
const reconnectionMs = duration("RYUK_RECONNECTION_TIMEOUT", "10s");
const listener = Deno.listen({ port });
// What Testcontainers waits for in the log.
console.log(`Started: listening on port ${port}`);
const clean = await serve(listener, {
  connectionMs,
  reconnectionMs,
  remove: (filter) => engine.remove(filter),
  onNotice: (line) => console.log(line),
}, ending.signal);
Deno.exit(clean ? 0 : 1);

function duration(name: string, usual: string): number {
  const text = Deno.env.get(name) || usual;
  const value = parseDuration(text);
  if (value !== undefined) return value;
  console.error(`Write ${name} as a duration such as ${usual}, not '${text}'`);
  Deno.exit(2);
}
