/** Wrong on purpose: listens on port 21567, whatever `--port` says. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const LONGEST = 65_536;
const LINE_FEED = 0x0a;

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "21567" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

const listener = listen(options.host, 21_567);
const connections = new Set<Deno.TcpConn>();

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
    serve(connection);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === "ENOTCONN") continue;
    console.error(`server: cannot take a connection: ${message}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  try {
    for await (const line of lines(connection)) await send(connection, stamped(line));
  } catch (error) {
    const { hostname, port } = connection.remoteAddr;
    console.error(`server: lost ${hostname}:${port}: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

async function* lines(connection: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(LONGEST);
  let bytes = new Uint8Array();
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) return;
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(LINE_FEED)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield bytes.subarray(0, end + 1);
    }
    if (bytes.length >= LONGEST) throw new Error(`a line of more than ${LONGEST} bytes`);
  }
}

async function send(connection: Deno.TcpConn, bytes: Uint8Array) {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function stamped(bytes: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`[${ctime(new Date())}] `), bytes]);
}

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
