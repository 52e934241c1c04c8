/**
 * The date server: answers each request with the date and time, as one line, and then closes the
 * connection. It serves one client after another.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 6015]
 */
import { parseArgs } from "@std/cli/parse-args";

/** The longest request that we take: who never ends one shall not keep the others waiting. */
const LONGEST = 1_024;
const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "6015" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

// 0.0.0.0 stands for every interface of this machine. Deno sets SO_REUSEADDR: so we may listen again
// at once, though connections of the server that ran before are still in TIME-WAIT at this port.
const listener = listen(options.host, Number(options.port));
let connection: Deno.TcpConn | undefined;

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    connection?.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}

const here = listener.addr as Deno.NetAddr;
console.log(`Server listens on TCP ${here.hostname}:${here.port}`);

// The listening socket stays open, whatever becomes of a connection. While one client is served, the
// kernel completes the handshakes of others: they wait in its queue until accept() takes them out.
while (true) {
  try {
    connection = await listener.accept();
    await serve(connection);
  } catch (error) {
    // A connection that was reset, for example, is the end of one client, not of the server.
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection?.close();
    connection = undefined;
  }
}

/** Answers the request of a client, if it makes one. */
async function serve(connection: Deno.TcpConn) {
  if (!(await readRequest(connection))) return;
  const answer = new TextEncoder().encode(`${now()}\n`);
  // One write takes only as much as there is room for, and says how much that was.
  for (let sent = 0; sent < answer.length;) sent += await connection.write(answer.subarray(sent));
}

/** Reads to the end of a line, or to the client's end. Whether there was a request. */
async function readRequest(connection: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(LONGEST);
  for (let length = 0; length < LONGEST;) {
    // TCP carries bytes and knows no lines: a read may bring only a part of one.
    const read = await connection.read(buffer.subarray(length));
    if (read === null) return length > 0;
    length += read;
    if (buffer.subarray(0, length).includes(LINE_FEED)) return true;
  }
  throw new Error(`a request of more than ${LONGEST} bytes`);
}

/** The time by this machine's clock, as RFC 3339 writes it: `2026-11-21T04:31:00+01:00`. */
function now(): string {
  const time = Temporal.Now.zonedDateTimeISO();
  return time.toString({ smallestUnit: "second", timeZoneName: "never" });
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
