/**
 * The timestamp client for a server of request handlers, to be finished by you. It runs as it is: it
 * sends "hello" over a connection and prints what one read brings.
 *
 *     deno run --allow-net client_handler.ts [--host server] [--port 21567]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "21567" },
});

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0.

// TODO 1: print the prompt "> " and read a line from standard input (Deno.stdin.read); ask for its
// answer, print that, and so on. An empty line, or the end of the input, ends the client.
await Deno.stdout.write(await ask("hello"));

/** Sends a message over a connection of its own and returns its answer. */
async function ask(message: string): Promise<Uint8Array> {
  // TODO 3: if the connection is refused, reset or closed without an answer, or the name is not found,
  // print one line on standard error and exit with status 1.
  const connection = await Deno.connect({ hostname: options.host, port: Number(options.port) });
  await connection.write(new TextEncoder().encode(`${message}\r\n`));
  // TODO 2: the answer is one line, and a read may bring only a part of it: read on until its end (LF).
  const buffer = new Uint8Array(1_024);
  const length = await connection.read(buffer) ?? 0;
  connection.close();
  return buffer.subarray(0, length);
}
