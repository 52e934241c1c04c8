/**
 * The logging date server, to be finished by you. It runs as it is: it answers each client with the
 * date, one client after another, and writes log0.txt each time.
 *
 *     deno run --allow-net --allow-read=logs --allow-write=logs server.ts [--host 0.0.0.0] [--port 6015]
 *         [--logs logs]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port", "logs"],
  default: { host: "0.0.0.0", port: "6015", logs: "logs" },
});

// TODO 2: which number does the next file have? Look through the folder for the highest (Deno.readDir);
// beware, as text "log9.txt" comes after "log10.txt".
const next = 0;

const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 7: on SIGINT (Ctrl-C) and SIGTERM, close every socket, print one line and exit with status 0. If
// the port is taken, print one line on standard error and exit with status 1. (As in lab4.)

while (true) {
  const connection = await listener.accept();
  // TODO 5: serve clients side by side. What may then happen between finding a number and using it?
  // TODO 6: go on when a connection is reset.
  await serve(connection);
  connection.close();
}

async function serve(connection: Deno.TcpConn) {
  // TODO 1: the request is a line, and a read may bring only a part of it. A client that goes without
  // having sent anything has asked nothing.
  await connection.read(new Uint8Array(1_024));
  const time = Temporal.Now.zonedDateTimeISO();
  const date = time.toString({ smallestUnit: "second", timeZoneName: "never" });

  // TODO 3: one line: the time, the client's address and port (connection.remoteAddr), and the request,
  // escaped so that it stays one line whatever bytes are in it.
  // TODO 4: killed in the middle, this leaves half a file. Write it under another name, then give it its
  // own (Deno.link), without taking the place of one that is there.
  // TODO 6: and if the disk is full? The operator reads it on standard error; the client gets its date.
  await Deno.writeTextFile(`${options.logs}/log${next}.txt`, `${date}\n`);

  await connection.write(new TextEncoder().encode(`${date}\n`));
}
