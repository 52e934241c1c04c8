/**
 * The uppercase server with a process for each connection, as inetd starts them: this one only takes
 * connections. It hands each to a process of its own (`process.ts`) and forgets it.
 *
 *     deno run --allow-net --allow-env --allow-read=. --allow-run server_processes.ts
 *         [--host 0.0.0.0] [--port 12000] [--backlog 511] [--processes 100]
 */
import { parseArgs } from "@std/cli/parse-args";
import { type ChildProcess, fork } from "node:child_process";
import { createServer, type Socket } from "node:net";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "backlog", "processes"],
  default: { host: "0.0.0.0", port: "12000", backlog: "511", processes: "100" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const children = new Set<ChildProcess>();
// Not a byte is read here: what the client has sent stays in the socket for the process that gets it.
const server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, serve);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    server.close();
    for (const child of children) child.kill();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

server.on("error", (error: Error & { code?: string }) => {
  if (error.code === "EADDRINUSE") {
    fail(
      `port ${options.port} is taken: stop the program that has it, or choose another with --port`,
    );
  }
  fail(`cannot listen on ${options.host}:${options.port}: ${error.message}`);
});
server.listen(Number(options.port), options.host, Number(options.backlog), () => {
  const { address, port } = server.address() as { address: string; port: number };
  console.log(`Server listens on TCP ${address}:${port}`);
});

function serve(connection: Socket) {
  connection.on("error", (error) => console.error(`server: lost a client: ${error.message}`));
  // Each process takes memory, and a few descriptors here: without a limit, our clients decide how much
  // of this machine is left. And a server of node:net that once has no descriptor to accept with does
  // not try again.
  if (children.size >= Number(options.processes)) {
    console.error(`server: turned a client away: ${children.size} processes run already`);
    return connection.destroy();
  }
  const child = fork(new URL("process.ts", import.meta.url), [], {
    execArgv: ["run", "--no-config", "--allow-env"],
  });
  children.add(child);
  child.on("exit", () => children.delete(child));
  child.on("error", (error) => {
    console.error(`server: no process for a client: ${error.message}`);
    children.delete(child);
    connection.destroy();
  });
  // A descriptor is a number that means something in one process only. Through a Unix socket between
  // two processes the kernel puts the same socket into the other one's table (SCM_RIGHTS, unix(7));
  // our own copy is closed then.
  if (child.connected) child.send("a connection", connection);
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
