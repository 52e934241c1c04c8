/** Wrong on purpose: each thread stays with a client until that has closed: with all threads taken, others wait. */
// To a Worker, the first thread sends where to listen.
self.addEventListener("message", ({ data }) => serveClients(listen(data)));

/** Listens, beside the other threads. */
export function listen(place: { hostname: string; port: number; tcpBacklog: number }) {
  // SO_REUSEPORT: sockets that all ask for it may share a port. A hash of both addresses decides which
  // of them gets a connection, not which thread has the least to do.
  return Deno.listen({ ...place, reusePort: true });
}

/** Serves the clients that the kernel gives to this thread, for ever. */
export async function serveClients(listener: Deno.TcpListener) {
  while (true) {
    try {
      await serve(await listener.accept());
    } catch (error) {
      const { code, message } = error as Error & { code?: string };
      // This client had gone before we came to take it: on to the next.
      if (code === "ENOTCONN") continue;
      console.error(`server: cannot take a connection: ${message}`);
      // No file descriptor is left, for example: all threads share those of the process.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function serve(connection: Deno.TcpConn) {
  try {
    const buffer = new Uint8Array(16_384);
    while (true) {
      const length = await connection.read(buffer);
      // The client sends nothing more. It may still be reading, and has its answers by now.
      if (length === null) return;
      await send(connection, uppercase(buffer.subarray(0, length)));
    }
  } catch (error) {
    // A connection that was reset is the end of one client, not of the server.
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection.close();
  }
}

/** Sends all of it. One write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** Turns the bytes of a-z to A-Z, in place, and leaves every other byte alone: they need not be text. */
function uppercase(bytes: Uint8Array): Uint8Array {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]! >= 0x61 && bytes[i]! <= 0x7a) bytes[i]! -= 0x20;
  }
  return bytes;
}
