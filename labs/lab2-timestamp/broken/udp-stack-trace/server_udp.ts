/** Wrong on purpose: lets the error of a port that is taken end the program. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "21567" } });
const socket = bind();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}
console.log(`Server listens on UDP port ${port}`);

const buffer = new Uint8Array(65_535);
while (true) {
  const [data, client] = await socket.receive(buffer);
  try {
    await socket.send(stamped(data), client);
  } catch (error) {
    console.error(`server: no answer sent: ${(error as Error).message}`);
  }
}

function stamped(bytes: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`[${ctime(new Date())}] `), bytes]);
}

function ctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`;
}

function bind(): Deno.DatagramConn {
  return Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: Number(port) });
}
