/** Takes memory until it is killed, once a client has come. */
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
const kept: Uint8Array[] = [];
for await (const [bytes, from] of socket) {
  while (bytes.length < 256) kept.push(new Uint8Array(1 << 24).fill(1));
  await socket.send(bytes.map((byte) => byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte), from);
}
