/**
 * The echo server, to be finished by you. It runs as it is: it sends back the first bytes of each
 * client, one client after another.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 50000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "50000" },
});

// TODO 6: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close every socket, print one line and exit with status 0
// (Deno.addSignalListener).

const buffer = new Uint8Array(1_024);
while (true) {
  const connection = await listener.accept();

  // TODO 3: while this client is served, the others wait. Put what follows into an async function of its
  // own, and call it without await.

  // TODO 1: go on until read() gives null, the end of the client's stream. Then close.
  const length = await connection.read(buffer);

  // TODO 2: write() says how many bytes it has taken. It may be fewer than you gave: send the rest too.
  if (length !== null) await connection.write(buffer.subarray(0, length));

  // TODO 4: a client may vanish at any time, and then read and write throw. Close its socket, and go on
  // with the others.
}
