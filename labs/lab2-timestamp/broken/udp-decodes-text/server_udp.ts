/** Wrong on purpose: takes the bytes for text. */
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
  return new TextEncoder().encode(`[${ctime(new Date())}] ${new TextDecoder().decode(bytes)}`);
}

function ctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`;
}

function bind(): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: Number(port) });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
