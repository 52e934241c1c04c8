/**
 * The uppercase server with threads: each has its own loop (`thread.ts`) and its own listening socket
 * at the same port. The kernel deals the clients out to them.
 *
 *     deno run --unstable-net --allow-net --allow-read=. server_threads.ts
 *         [--host 0.0.0.0] [--port 12000] [--backlog 511] [--threads 4]
 */
import { parseArgs } from "@std/cli/parse-args";
import { listen, serveClients } from "./thread.ts";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "backlog", "threads"],
  default: { host: "0.0.0.0", port: "12000", backlog: "511", threads: "4" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    console.log("Server stopped");
    // The end of the process is the end of its threads, and closes all their sockets.
    Deno.exit(0);
  });
}

// This thread is the first. The others are Workers, as Deno calls threads: each runs JavaScript of its
// own in memory of its own. A connection is not among what Workers can send each other; so each takes
// its connections from the kernel itself.
const listener = listenFirst();
const { hostname, port } = listener.addr;
serveClients(listener);
for (let i = 1; i < Number(options.threads); i++) {
  const worker = new Worker(new URL("thread.ts", import.meta.url), { type: "module" });
  worker.onerror = ({ message }) => fail(`a thread has ended: ${message}`);
  worker.postMessage({ hostname, port, tcpBacklog: Number(options.backlog) });
}
console.log(`Server listens on TCP ${hostname}:${port} in ${options.threads} threads`);

function listenFirst(): Deno.TcpListener {
  const { host: hostname, port } = options;
  try {
    return listen({ hostname, port: Number(port), tcpBacklog: Number(options.backlog) });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${port}: ${(error as Error).message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
