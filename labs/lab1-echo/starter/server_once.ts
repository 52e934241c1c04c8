/**
 * The smallest echo server, to be finished by you. It runs as it is: it reads once from one client,
 * and sends nothing back.
 *
 *     deno run --allow-net server_once.ts [--host 0.0.0.0] [--port 50000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "50000" },
});

const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 2: serve one client after another, for ever.
const connection = await listener.accept();
const buffer = new Uint8Array(1_024);
const length = await connection.read(buffer);

// TODO 1: write what this read has brought back to the client. A client may also close without sending
// anything: then length is null.
console.log(`Read ${length ?? 0} bytes`);

// TODO 3: a client may vanish at any time, and then read and write throw. The server must serve the next
// client all the same.
connection.close();

// TODO 4: stop and port as in server.ts, TODO 5 and 6.
