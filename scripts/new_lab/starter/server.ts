/**
 * The server, to be finished by you. It runs as it is: it prints how much each client sends.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 7000]
 */
import { parseArgs } from "@std/cli/parse-args";

const { host, port } = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "7000" },
});
// TODO 3: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: host, port: Number(port) });
console.log(`Server listens on TCP ${host}:${port}`);

// TODO 2: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0.

while (true) {
  const connection = await listener.accept();
  const buffer = new Uint8Array(16_384);
  const length = await connection.read(buffer);
  console.log(`${length ?? 0} bytes have come`);
  // TODO 1: send them back, and go on until the client has nothing more to say.
  connection.close();
}
