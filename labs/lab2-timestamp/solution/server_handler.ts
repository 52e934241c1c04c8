/**
 * The timestamp server in the style of request handlers: one line a connection, answered and closed.
 *
 * The server knows about connections and nothing about timestamps; the handler the other way round.
 * Python's `socketserver` is built like this, and so are most web frameworks.
 *
 *     deno run --allow-net server_handler.ts [--host 0.0.0.0] [--port 21567]
 */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

/** The longest line that we take, its end included: who never ends one shall not fill our memory. */
const LONGEST = 65_536;
const LINE_FEED = 0x0a;

/** Serves one connection; a new one is made for each. What a service does stands in `handle()`. */
abstract class RequestHandler {
  constructor(readonly connection: Deno.TcpConn) {}

  /** Called once. When it is done, the connection is closed. */
  abstract handle(): Promise<void>;

  /** The first line with its end; what follows it is not looked at. Null where there is none. */
  async readLine(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(LONGEST);
    let length = 0;
    // TCP carries bytes and knows no lines: it may take several reads to have the whole of one.
    while (length < LONGEST) {
      const read = await this.connection.read(buffer.subarray(length));
      if (read === null) return null;
      const end = buffer.subarray(0, length += read).indexOf(LINE_FEED);
      if (end >= 0) return buffer.subarray(0, end + 1);
    }
    throw new Error(`a line of more than ${LONGEST} bytes`);
  }

  /** Sends all of it: one write takes only as much as there is room for, and says how much. */
  async send(bytes: Uint8Array) {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.connection.write(bytes.subarray(sent));
    }
  }
}

/** The service. Nothing here knows how a connection comes about, or when it is closed. */
class TimestampHandler extends RequestHandler {
  override async handle() {
    const line = await this.readLine();
    if (line === null) return;
    const stamp = new TextEncoder().encode(`[${ctime(new Date())}] `);
    await this.send(concat([stamp, line]));
  }
}

/** Takes connections and has each one handled, many at once. */
class Server {
  readonly #connections = new Set<Deno.TcpConn>();

  constructor(
    readonly listener: Deno.TcpListener,
    readonly Handler: new (connection: Deno.TcpConn) => RequestHandler,
  ) {}

  async serveForever(): Promise<never> {
    while (true) {
      try {
        // Not awaited: while one client is silent, the next one is let in.
        this.#serve(await this.listener.accept());
      } catch (error) {
        const { code, message } = error as Error & { code?: string };
        // This client had gone before we came to take it: on to the next.
        if (code === "ENOTCONN") continue;
        console.error(`server: cannot take a connection: ${message}`);
        // Such as no file descriptor left. It passes when a client goes, not by trying at once.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  async #serve(connection: Deno.TcpConn) {
    this.#connections.add(connection);
    try {
      await new this.Handler(connection).handle();
    } catch (error) {
      // A connection that was reset is the end of one client, not of the server.
      const { hostname, port } = connection.remoteAddr;
      console.error(`server: lost ${hostname}:${port}: ${(error as Error).message}`);
    } finally {
      this.#connections.delete(connection);
      connection.close();
    }
  }

  /** Closes the socket that listens, and one more for each client. */
  close() {
    this.listener.close();
    for (const connection of this.#connections) connection.close();
  }
}

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const server = new Server(listen(options.host, Number(options.port)), TimestampHandler);

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    server.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = server.listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);
await server.serveForever();

/** The time as C's ctime() prints it: local, the day padded with a space. */
function ctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`;
}

function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      fail(`port ${port} is taken: stop the program that has it, or choose another with --port`);
    }
    fail(`cannot listen on ${hostname}:${options.port}: ${(error as Error).message}`);
  }
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
