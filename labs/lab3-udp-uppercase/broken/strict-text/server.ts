/** Wrong on purpose: refuses bytes that are no text. */
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
const decoder = new TextDecoder("utf-8", { fatal: true });
while (true) {
  const [request, client] = await socket.receive(buffer);
  const text = decoder.decode(request).replace(/[a-z]/g, (letter) => letter.toUpperCase());
  await socket.send(new TextEncoder().encode(text), client);
}

function listen(hostname: string, port: number): Deno.DatagramConn {
  try {
    return Deno.listenDatagram({ transport: "udp", hostname, port });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
