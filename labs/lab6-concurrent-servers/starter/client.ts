/**
 * The uppercase client, to be finished by you. It runs as it is: it sends one message and prints what
 * one read brings.
 *
 *     deno run --allow-net client.ts [--host server] [--port 12000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "12000" },
});

// TODO 3: if the connection is refused or reset, or the name cannot be found, print one line on standard
// error and exit with status 1.
const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });

// TODO 1: read lines from standard input as bytes, and send each with its line end, all of them on this
// connection.
await connection.write(new TextEncoder().encode("hello\n"));

// TODO 2: an answer has as many bytes as its message. How many reads does it take? And what if the
// server closes before?
const buffer = new Uint8Array(16_384);
const length = await connection.read(buffer);
if (length !== null) Deno.stdout.writeSync(buffer.subarray(0, length));

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close the connection, print one line and exit with status 0.
connection.close();
