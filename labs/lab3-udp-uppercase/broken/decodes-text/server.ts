/** Wrong on purpose: takes the bytes for text. */
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
while (true) {
  const [request, client] = await socket.receive(buffer);
  const text = new TextDecoder().decode(request);
  await socket.send(new TextEncoder().encode(text.toUpperCase()), client);
}

function listen(hostname: string, port: number): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
