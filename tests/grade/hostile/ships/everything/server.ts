/** Serves right; what lies beside it is to be run by somebody else. */
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "12000" } });
const socket = Deno.listenDatagram({
  transport: "udp",
  hostname: "0.0.0.0",
  port: Number(port),
});
for await (const [bytes, from] of socket) {
  await socket.send(bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte), from);
}
