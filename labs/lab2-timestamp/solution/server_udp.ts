/**
 * The timestamp server over UDP: answers each datagram with the time and the datagram's bytes.
 *
 *     deno run --unstable-net --allow-net server_udp.ts [--host 0.0.0.0] [--port 21567]
 */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const socket = bind(options.host, Number(options.port));

// One socket is all there is to close. Our clients hear nothing of it: they have no connection.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = socket.addr as Deno.NetAddr;
console.log(`Server listens on UDP ${here.hostname}:${here.port}`);

// A datagram that does not fit is cut off: so there is room for the largest that there is.
const buffer = new Uint8Array(65_535);

while (true) {
  // A datagram arrives whole or not at all: there is nothing to put together, and no line end.
  const [data, client] = await socket.receive(buffer);
  try {
    await socket.send(stamped(data), client);
  } catch (error) {
    // Such as an answer too long for a datagram: it has 27 bytes more than its request.
    const { hostname, port } = client as Deno.NetAddr;
    console.error(`server: no answer sent to ${hostname}:${port}: ${(error as Error).message}`);
  }
}

/** `[Sat Nov 21 04:31:00 2026] `, and the bytes as they came: they need not be text. */
function stamped(bytes: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`[${ctime(new Date())}] `), bytes]);
}

/** The time as C's ctime() prints it: local, the day padded with a space. */
function ctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`;
}

function bind(hostname: string, port: number): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${options.port}: ${(error as Error).message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
