/**
 * The uppercase server that answers one message, a line, on each connection. To be finished by you; it
 * runs as it is: it sends back what one read brings, to one client, and ends.
 *
 *     deno run --allow-net server_once.ts [--host 0.0.0.0] [--port 12000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "12000" },
});

// TODO 6: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close listener and connection, print one line and exit with
// status 0 (Deno.addSignalListener).

// TODO 3: then the next client, and so on, one after another.
// TODO 4: what if a client resets its connection? The next one is to be served all the same.
const connection = await listener.accept();
await answer(connection);
connection.close();

async function answer(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(16_384);
  // TODO 2: a message is a line, and ends with a line feed (0x0A). How many reads does it take?
  const length = await connection.read(buffer);
  if (length === null) return;
  await send(connection, uppercase(buffer.subarray(0, length)));
}

/** Sends all of it. One write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function uppercase(bytes: Uint8Array): Uint8Array {
  // TODO 1: turn the bytes of a-z to A-Z, and leave every other byte as it is.
  return bytes;
}
