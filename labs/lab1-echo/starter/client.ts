/**
 * The echo client, to be finished by you. It runs as it is: it sends one line, and prints what the first
 * read brings.
 *
 *     deno run --allow-net client.ts [--host server] [--port 50000]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "50000" },
});

// TODO 4: if the server refuses the connection, resets it, or its name does not resolve, print one line
// on standard error and exit with status 1.
const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });

// TODO 1: send each line of standard input, its line end included, all on this connection. Lines are
// bytes: they need not be text. When the input has ended, end your stream (closeWrite).
await connection.write(new TextEncoder().encode("hello\n"));

// TODO 2: one read may bring a part of the line: read until as many bytes are back as you sent.
// TODO 3: print the bytes as they are (Deno.stdout.write). To decode them one read at a time breaks
// every character that two reads share.
const buffer = new Uint8Array(1_024);
const length = await connection.read(buffer);
console.log(new TextDecoder().decode(buffer.subarray(0, length ?? 0)));

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close the connection, print one line and exit with status 0.
connection.close();
