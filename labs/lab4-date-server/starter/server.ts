/**
 * The date server, to be finished by you. It runs as it is: it answers one client, and not with the
 * date.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 6015]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "6015" },
});

// TODO 6: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 5: on SIGINT (Ctrl-C) and SIGTERM, close the listener and the connection, print one line and
// exit with status 0 (Deno.addSignalListener).

// TODO 1: serve one client after another, for ever.
const connection = await listener.accept();

// TODO 3: wait for the request before you answer. It ends with LF (0x0A), and one read may bring only
// a part of it.

// TODO 2: answer with the date and time of now, as RFC 3339 writes it: 2026-11-21T04:31:00+01:00.
await connection.write(new TextEncoder().encode("no idea\n"));

// TODO 4: a client may vanish in the middle of all this, and then read and write throw. The server must
// serve the next client all the same.
connection.close();
