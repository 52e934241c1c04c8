/** Wrong on purpose: prints the answer instead of sending it. */
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "12000" } });
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: Number(port) });
console.log(`Server listens on UDP port ${port}`);

while (true) {
  const [request] = await socket.receive();
  console.log(new TextDecoder().decode(request).toUpperCase());
}
