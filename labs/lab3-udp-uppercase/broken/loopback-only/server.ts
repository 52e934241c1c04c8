/** Wrong on purpose: listens on 127.0.0.1, where no other machine can reach it. */
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "12000" } });
const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: "127.0.0.1",
  port: Number(port),
});
console.log(`Server listens on UDP port ${port}`);

const buffer = new Uint8Array(65_535);
while (true) {
  const [request, client] = await socket.receive(buffer);
  const answer = request.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
  await socket.send(answer, client);
}
