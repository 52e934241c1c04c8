/** Wrong on purpose: keeps no more than 1,024 bytes of a line. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "21567" } });
const listener = listen();
const CRLF = new Uint8Array([0x0d, 0x0a]);
const connections = new Set<Deno.TcpConn>();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    for (const connection of connections) connection.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}
console.log(`Server listens on TCP port ${port}`);

while (true) serve(await listener.accept());

async function serve(connection: Deno.TcpConn) {
  connections.add(connection);
  try {
    for await (const line of lines(connection)) await send(connection, stamped(line));
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

async function* lines(connection: Deno.TcpConn): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(65_536);
  let bytes = new Uint8Array();
  for (let length; (length = await connection.read(buffer)) !== null;) {
    bytes = concat([bytes, buffer.subarray(0, length)]);
    for (let end; (end = bytes.indexOf(0x0a)) >= 0; bytes = bytes.subarray(end + 1)) {
      yield end < 1_024 ? bytes.subarray(0, end + 1) : concat([bytes.subarray(0, 1_022), CRLF]);
    }
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

function listen(): Deno.TcpListener {
  try {
    return Deno.listen({ hostname: "0.0.0.0", port: Number(port) });
  } catch (error) {
    console.error(`server: cannot listen on port ${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
