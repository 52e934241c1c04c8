/**
 * The echo server: sends back to each client what it sends, until its end of stream. It serves any
 * number of clients at the same time.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 50000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "50000" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

// 0.0.0.0 stands for every interface of this machine. On 127.0.0.1 only clients on the very same
// machine could reach us.
const listener = listen(options.host, Number(options.port));
const connections = new Set<Deno.TcpConn>();

// One socket listens, and there is one more for each client: all of them are ours to close.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    for (const connection of connections) connection.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);

while (true) {
  try {
    const connection = await listener.accept();
    // Not awaited: while one client is silent, the next one is let in.
    serve(connection);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // This client had gone before we came to take it: on to the next.
    if (code === "ENOTCONN") continue;
    console.error(`server: cannot take a connection: ${message}`);
    // Such as no file descriptor left. It passes when a client goes, not by trying at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  try {
    await echo(connection);
  } catch (error) {
    // A connection that was reset is the end of one client, not of the server.
    const { hostname, port } = connection.remoteAddr;
    console.error(`server: lost ${hostname}:${port}: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

/** Sends back what comes, as it comes: TCP carries bytes, and where a message ends is not ours to know. */
async function echo(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(65_536);
  while (true) {
    const length = await connection.read(buffer);
    // The client will send nothing more. It may well be reading still: this is the end of one of two
    // streams, and what it sent has been sent back by now.
    if (length === null) return;
    await send(connection, buffer.subarray(0, length));
  }
}

/** Sends all of it: one write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${options.port}: ${(error as Error).message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
