/** Wrong on purpose: its port is written into it, and is not the lab's. */
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12001 });
console.log("Server is ready");

const buffer = new Uint8Array(65_535);
while (true) {
  const [request, client] = await socket.receive(buffer);
  const answer = request.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte);
  await socket.send(answer, client);
}
