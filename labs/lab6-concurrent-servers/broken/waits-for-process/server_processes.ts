/** Wrong on purpose: waits for each process to end before it starts the next. */
import { parseArgs } from "@std/cli/parse-args";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
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

let before = Promise.resolve();

function serve(connection: Socket) {
  before = before.then(() => serveNext(connection));
}

async function serveNext(connection: Socket) {
  connection.on("error", (error) => console.error(`server: lost a client: ${error.message}`));
  // Each process takes memory, and clients cost nothing to start: without a limit, they decide how
  // much of this machine is left.
  if (children.size >= Number(options.processes)) {
    console.error(`server: turned a client away: ${children.size} processes run already`);
    connection.destroy();
    return;
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
  child.send("a connection", connection);
  await once(child, "exit");
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
