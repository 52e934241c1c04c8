/**
 * The uppercase server with threads. To be finished by you; it runs as it is: it starts one thread,
 * which does all the work (`thread.ts`).
 *
 *     deno run --unstable-net --allow-net --allow-read=. server_threads.ts
 *         [--host 0.0.0.0] [--port 12000] [--threads 4]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "threads"],
  default: { host: "0.0.0.0", port: "12000", threads: "4" },
});
const place = { hostname: options.host, port: Number(options.port) };

// TODO 2: as many as --threads says.
const worker = new Worker(new URL("thread.ts", import.meta.url), { type: "module" });
worker.postMessage(place);
console.log(`Server starts on TCP ${options.host}:${options.port}`);

// TODO 4: on SIGINT and SIGTERM, print one line and exit with status 0: that ends the threads.
// TODO 5: if the port is taken, say so in one line and exit with status 1. (A second server of this
// kind is let in: it shares the port, too.)
