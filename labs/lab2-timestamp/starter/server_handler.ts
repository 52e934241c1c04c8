/**
 * The timestamp server in the style of request handlers, to be finished by you. It runs as it is: its
 * handler answers what one read has brought, unchanged, and the connection is closed.
 *
 *     deno run --allow-net server_handler.ts [--host 0.0.0.0] [--port 21567]
 */
import { parseArgs } from "@std/cli/parse-args";

/** The service. The server makes one for each connection, and closes the connection after `handle()`. */
class TimestampHandler {
  constructor(readonly connection: Deno.TcpConn) {}

  async handle() {
    // TODO 2: one line is one request, and a read may bring only a part of it: read on until the line
    // end (LF) has come. Where the client closes before that, there is nothing to answer.
    const buffer = new Uint8Array(1_024);
    const length = await this.connection.read(buffer);
    if (length === null) return;
    // TODO 1: put "[Sat Nov 21 04:31:00 2026] " in front: the time as C's ctime() prints it.
    await this.connection.write(buffer.subarray(0, length));
  }
}

/** Takes connections, has each one handled and closes it. It knows nothing about timestamps. */
class Server {
  constructor(
    readonly listener: Deno.TcpListener,
    readonly Handler: new (connection: Deno.TcpConn) => { handle(): Promise<void> },
  ) {}

  async serveForever() {
    while (true) {
      const connection = await this.listener.accept();
      // TODO 3: who comes second waits until the first has been served. Handle them side by side, and
      // go on when a handler throws, such as for a connection that was reset.
      await new this.Handler(connection).handle();
      connection.close();
    }
  }
}

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
});

// TODO 5: if the port is taken, print one line on standard error and exit with status 1.
const listener = Deno.listen({ hostname: options.host, port: Number(options.port) });
console.log(`Server listens on TCP ${options.host}:${options.port}`);

// TODO 4: on SIGINT (Ctrl-C) and SIGTERM, close every socket, print one line and exit with status 0
// (Deno.addSignalListener).

await new Server(listener, TimestampHandler).serveForever();
