/**
 * The timestamp server over UDP, to be finished by you. It runs as it is: it sends every datagram back
 * unchanged.
 *
 *     deno run --unstable-net --allow-net server_udp.ts [--host 0.0.0.0] [--port 21567]
 */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
});

// TODO 4: if the port is taken, print one line on standard error and exit with status 1.
const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: options.host,
  port: Number(options.port),
});
console.log(`Server listens on UDP ${options.host}:${options.port}`);

// TODO 3: on SIGINT (Ctrl-C) and SIGTERM, close the socket, print one line and exit with status 0
// (Deno.addSignalListener).

// TODO 2: what becomes of a datagram of 2,000 bytes? Make the buffer large enough for any.
const buffer = new Uint8Array(1_024);

while (true) {
  const [data, client] = await socket.receive(buffer);

  // TODO 1: put "[Sat Nov 21 04:31:00 2026] " in front: the time as C's ctime() prints it. The data
  // are bytes and need not be text: leave them as they are.
  await socket.send(data, client);
}
