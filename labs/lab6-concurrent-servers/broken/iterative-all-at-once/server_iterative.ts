/** Wrong on purpose: serves all clients at the same time, where one at a time was asked for. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "backlog"],
  default: { host: "0.0.0.0", port: "12000", backlog: "511" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const listener = listen(options.host, Number(options.port), Number(options.backlog));
const connections = new Set<Deno.TcpConn>();

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

// The loop itself is Deno's. It asks the kernel which of all our sockets are ready (epoll, the
// successor of select) and goes on behind the `await` of each that is. So nothing here may take long
// between two awaits: for that time, all clients wait.
while (true) {
  try {
    const connection = await listener.accept();
    // Not awaited: the next client is let in at once.
    serve(connection);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // This client had gone before we came to take it: on to the next.
    if (code === "ENOTCONN") continue;
    console.error(`server: cannot take a connection: ${message}`);
    // No file descriptor is left, for example. Clients wait in the backlog, and trying again without
    // a pause would take all the time of those who are being served.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  try {
    const buffer = new Uint8Array(16_384);
    while (true) {
      const length = await connection.read(buffer);
      // The client sends nothing more. It may still be reading, and has its answers by now.
      if (length === null) return;
      await send(connection, uppercase(buffer.subarray(0, length)));
    }
  } catch (error) {
    // A connection that was reset is the end of one client, not of the server.
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

/** Sends all of it. One write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Turns the bytes of a-z to A-Z, in place, and leaves every other byte alone: they need not be text. */
function uppercase(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! >= 0x61 && bytes[i]! <= 0x7a) bytes[i]! -= 0x20;
  }
  return bytes;
}

function listen(hostname: string, port: number, tcpBacklog: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port, tcpBacklog });
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
