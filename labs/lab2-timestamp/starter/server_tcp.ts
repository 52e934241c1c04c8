/**
 * The timestamp server over TCP, to be finished by you. It runs as it is: it sends everything back
 * unchanged, to one client at a time.
 *
 *     deno run --allow-net server_tcp.ts [--host 0.0.0.0] [--port 21567]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
});

// TODO 5: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close every socket, print one line and exit with status 0
// (Deno.addSignalListener). Which sockets are there besides the one that listens?

while (true) {
  const connection = await listener.accept();
  // TODO 3: who comes second waits until the first has gone. Serve them side by side, and go on when
  // one of them resets its connection.
  await serve(connection);
}

async function serve(connection: Deno.TcpConn) {
  const buffer = new Uint8Array(1_024);
  while (true) {
    // TODO 2: a read may bring a part of a line, or several lines. Collect bytes until there is a
    // line end (LF), answer that line, keep what came behind it for the next.
    const length = await connection.read(buffer);
    if (length === null) break;
    // TODO 1: put "[Sat Nov 21 04:31:00 2026] " in front: the time as C's ctime() prints it.
    // Does write() always take all of it? Look at what it returns.
    await connection.write(buffer.subarray(0, length));
  }
  connection.close();
}
