/**
 * The timestamp client over TCP, to be finished by you. It runs as it is: it sends "hello" and prints
 * what one read brings.
 *
 *     deno run --allow-net client_tcp.ts [--host server] [--port 21567]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
});

// TODO 4: if the connection is refused, or the name is not found, print one line on standard error and
// exit with status 1.
const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0.

// TODO 1: print the prompt "> " and read a line from standard input (Deno.stdin.read); send it with
// CRLF as its end, print the answer, and so on. An empty line, or the end of the input, ends the client.
await connection.write(new TextEncoder().encode("hello\r\n"));

// TODO 2: the answer is one line, and a read may bring only a part of it: read on until its end (LF).
// TODO 3: what if the server closes the connection first? One line on standard error, status 1.
const buffer = new Uint8Array(1_024);
const length = await connection.read(buffer) ?? 0;
await Deno.stdout.write(buffer.subarray(0, length));
connection.close();
