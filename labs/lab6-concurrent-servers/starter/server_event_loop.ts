/**
 * The uppercase server as one loop. To be finished by you; it runs as it is: it sends everything back
 * unchanged, to one client at a time.
 *
 *     deno run --allow-net server_event_loop.ts [--host 0.0.0.0] [--port 12000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "12000" },
});
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 4: on SIGINT and SIGTERM, close the listener and all connections: which are there?
// TODO 5: if the port is taken, print one line on standard error and exit with status 1.

while (true) {
  // TODO 6: accept() throws when this process has no file descriptor left. What then? Trying again at
  // once does not help.
  const connection = await listener.accept();
  // TODO 1: while this client is silent, others wait. What if you do not await it?
  await serve(connection);
}

async function serve(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(16_384);
  // TODO 3: a client may reset its connection: then read and write throw. Whatever happens here, this
  // connection is to be closed and the server is to go on.
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) break;
    // TODO 2: in capitals, and all of it: one write may take only a part.
    await connection.write(buffer.subarray(0, length));
  }
  connection.close();
}
