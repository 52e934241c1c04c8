/**
 * The date client, to be finished by you. It runs as it is: it asks once and prints what one read brings.
 *
 *     deno run --allow-net client.ts [--host server] [--port 6015]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "6015" },
});

// TODO 3: if the connection is refused, or the name is not found, print one line on standard error and
// exit with status 1.
const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0.

// TODO 1: ask with each line of standard input (Deno.stdin.readable), over a connection of its own.
await connection.write(new TextEncoder().encode("What time is it?\n"));

// TODO 2: the answer is a line, and a read may bring only a part of it: read on until its end. What if
// the server closes the connection before that?
const buffer = new Uint8Array(1_024);
const length = await connection.read(buffer) ?? 0;
await Deno.stdout.write(buffer.subarray(0, length));
connection.close();
