/** Prints one line of 1 GB, and then would serve. */
const block = new Uint8Array(1 << 20).fill(0x78);
for (let i = 0; i < 1024; i++) {
  for (let at = 0; at < block.length;) at += Deno.stdout.writeSync(block.subarray(at));
}
const socket = Deno.listenDatagram({ transport: "udp", hostname: "0.0.0.0", port: 12000 });
for await (const [bytes, from] of socket) await socket.send(bytes, from);
