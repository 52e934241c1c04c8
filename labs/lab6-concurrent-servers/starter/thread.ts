/** What each thread of `server_threads.ts` does. */

self.addEventListener("message", ({ data }) => serveClients(data));

async function serveClients(place: { hostname: string; port: number }) {
  // TODO 1: several threads are to listen at the same port: ask for it with `reusePort: true`.
  const listener = Deno.listen(place);
  while (true) {
    const connection = await listener.accept();
    // TODO 3: this is the loop of server_event_loop.ts.
    const buffer = new Uint8Array(16_384);
    const length = await connection.read(buffer);
    if (length !== null) await connection.write(buffer.subarray(0, length));
    connection.close();
  }
}
