/**
 * The date client, to be finished by you. It runs as it is: it asks once, and prints what the first read
 * brings.
 *
 *     deno run --allow-net client.ts [--host server] [--port 6015]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "6015" },
});

// TODO 3: if the server refuses the connection, resets it, or its name does not resolve, print one line
// on standard error and exit with status 1.
const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });

// TODO 1: ask with each line of standard input, its line end included, on a connection of its own.
await connection.write(new TextEncoder().encode("What time is it?\n"));

// TODO 2: one read may bring a part of the answer: read until its line end. What if the server closes
// the connection before?
const buffer = new Uint8Array(1_024);
const length = await connection.read(buffer);
console.log(new TextDecoder().decode(buffer.subarray(0, length ?? 0)));

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close the connection, print one line and exit with status 0.
connection.close();
