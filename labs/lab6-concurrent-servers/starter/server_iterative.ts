/**
 * The uppercase server that serves one client at a time. To be finished by you; it runs as it is: it
 * sends back what one read brings, and turns to the next client.
 *
 *     deno run --allow-net server_iterative.ts [--host 0.0.0.0] [--port 12000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "12000" },
});
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 3: what you have made of server_once.ts belongs here, too: signals, errors, a port that is taken.

while (true) {
  const connection = await listener.accept();
  await serve(connection);
  connection.close();
}

async function serve(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(16_384);
  // TODO 1: answer what comes, again and again, until the client sends nothing more. How does a read
  // tell?
  const length = await connection.read(buffer);
  if (length === null) return;
  // TODO 2: in capitals, and all of it: one write may take only a part.
  await connection.write(buffer.subarray(0, length));
}
