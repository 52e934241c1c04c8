/**
 * The timestamp server over TCP: answers each line with the time and the line itself. A connection
 * carries any number of lines, and there are any number of connections.
 *
 *     deno run --allow-net server_tcp.ts [--host 0.0.0.0] [--port 21567]
 */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

/** The longest line that we take, its end included: who never ends one shall not fill our memory. */
const LONGEST = 65_536;
const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const listener = listen(options.host, Number(options.port));
const connections = new Set<Deno.TcpConn>();

// A socket that listens, and one more for each client: all of them are ours to close. A client whose
// connection is closed reads the end of its stream; nobody has to wait for a time limit.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    for (const connection of connections) connection.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);

while (true) {
  try {
    const connection = await listener.accept();
    // Not awaited: while one client is silent, the next one is let in.
    serve(connection);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    // This client had gone before we came to take it: on to the next.
    if (code === "ENOTCONN") continue;
    console.error(`server: cannot take a connection: ${message}`);
    // Such as no file descriptor left. It passes when a client goes, not by trying at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  try {
    for await (const line of lines(connection)) await send(connection, stamped(line));
  } catch (error) {
    // A connection that was reset is the end of one client, not of the server.
    const { hostname, port } = connection.remoteAddr;
    console.error(`server: lost ${hostname}:${port}: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

/** The lines that a client sends, with their ends. */
async function* lines(connection: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(LONGEST);
  let bytes = new Uint8Array();
  while (true) {
    // TCP carries bytes and knows no lines: a read may bring a part of one, or several.
    const length = await connection.read(buffer);
    if (length === null) return;
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(LINE_FEED)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, end + 1);
    }
    if (bytes.length >= LONGEST) throw new Error(`a line of more than ${LONGEST} bytes`);
  }
}

/** Sends all of it: one write takes only as much as there is room for, and says how much that was. */
async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** `[Sat Nov 21 04:31:00 2026] `, and the bytes as they came: they need not be text. */
function stamped(bytes: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`[${ctime(new Date())}] `), bytes]);
}

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
