/** Wrong on purpose: listens on its own port, whatever --port says. */
import { parseArgs } from "@std/cli/parse-args";

const LONGEST = 1_024;
const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "6015" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const listener = listen(options.host, 6015);
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

while (true) {
  try {
    connection = await listener.accept();
    await serve(connection);
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection?.close();
    connection = undefined;
  }
}

async function serve(connection: Deno.TcpConn) {
  if (!(await readRequest(connection))) return;
  const answer = new TextEncoder().encode(`${now()}\n`);
  for (let sent = 0; sent < answer.length;) sent += await connection.write(answer.subarray(sent));
}

async function readRequest(connection: Deno.TcpConn): Promise<boolean> {
  const buffer = new Uint8Array(LONGEST);
  for (let length = 0; length < LONGEST;) {
    const read = await connection.read(buffer.subarray(length));
    if (read === null) return length > 0;
    length += read;
    if (buffer.subarray(0, length).includes(LINE_FEED)) return true;
  }
  throw new Error(`a request of more than ${LONGEST} bytes`);
}

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
