/** Wrong on purpose: answers all that a read has brought, where one line was to be answered. */
import { parseArgs } from "@std/cli/parse-args";

const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port", "backlog"],
  default: { host: "0.0.0.0", port: "12000", backlog: "511" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const listener = listen(options.host, Number(options.port), Number(options.backlog));
let connection: Deno.TcpConn | undefined;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    connection?.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);

while (true) {
  try {
    connection = await listener.accept();
    await answer(connection);
  } catch (error) {
    // A connection that was reset, for example, is the end of one client, not of the server.
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection?.close();
    connection = undefined;
  }
}

/** Answers one line, or what the client sends instead of one before its end. */
async function answer(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(16_384);
  while (true) {
    // TCP carries bytes and knows no lines: a read may bring a part of one, or more than one.
    const length = await connection.read(buffer);
    if (length === null) return;
    const end = buffer.subarray(0, length).indexOf(LINE_FEED) + 1;
    await send(connection, uppercase(buffer.subarray(0, length)));
    if (end > 0) return;
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
