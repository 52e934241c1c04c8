/** Wrong on purpose: answers one datagram, and ends. */
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "12000" } });
const socket = listen("0.0.0.0", Number(port));
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    socket.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}
console.log(`Server listens on UDP port ${port}`);

const buffer = new Uint8Array(65_535);
const [request, client] = await socket.receive(buffer);
await socket.send(uppercase(request), client);
Deno.exit(0);

function uppercase(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
}

function listen(hostname: string, port: number): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
