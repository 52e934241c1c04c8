/**
 * The uppercase server with a process for each connection. To be finished by you; it runs as it is: it
 * starts the processes and hands the connections to them (`process.ts`).
 *
 *     deno run --allow-net --allow-env --allow-read=. --allow-run server_processes.ts
 *         [--host 0.0.0.0] [--port 12000] [--processes 100]
 */
import { parseArgs } from "@std/cli/parse-args";
import { fork } from "node:child_process";
import { createServer, type Socket } from "node:net";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "processes"],
  default: { host: "0.0.0.0", port: "12000", processes: "100" },
});

// `pauseOnConnect`: not a byte is read here. What comes waits for the process that gets the socket.
const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, serve);

// TODO 3: on SIGINT and SIGTERM, end the processes, print one line and exit with status 0.
// TODO 4: if the port is taken (event "error"), say so in one line and exit with status 1.
server.listen(Number(options.port), options.host, () => {
  console.log(`Server listens on TCP ${options.host}:${options.port}`);
});

function serve(connection: Socket) {
  // TODO 2: no more than --processes at a time. What becomes of a client that comes then?
  const child = fork(new URL("process.ts", import.meta.url), [], {
    execArgv: ["run", "--no-config", "--allow-env"],
  });
  child.send("a connection", connection);
}
