/**
 * A bulk transfer over TCP, for measuring.
 *
 * ```sh
 * deno run -A tcp_stream.ts receive 9000            # prints the figures of one connection as a JSON line
 * deno run -A tcp_stream.ts send 10.77.0.2 9000 3   # sends for so many seconds
 * ```
 */
const [mode, ...rest] = Deno.args;
if (mode === "send") {
  const [hostname, port, seconds] = rest;
  using conn = await Deno.connect({ hostname: hostname!, port: Number(port) });
  const chunk = new Uint8Array(256 * 1024);
  const end = performance.now() + Number(seconds) * 1000;
  while (performance.now() < end) await conn.write(chunk);
  await conn.closeWrite();
  await conn.read(new Uint8Array(1));
} else {
  using listener = Deno.listen({ hostname: "0.0.0.0", port: Number(rest[0]) });
  using conn = await listener.accept();
  const buffer = new Uint8Array(256 * 1024);
  let bytes = 0, first = 0, last = 0;
  for (let count; (count = await conn.read(buffer)) !== null;) {
    last = performance.now();
    first ||= last;
    bytes += count;
  }
  console.log(JSON.stringify({ bytes, mbit_per_s: bytes * 8 / (last - first) / 1000 }));
}
