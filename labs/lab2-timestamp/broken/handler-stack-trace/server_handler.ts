/** Wrong on purpose: lets the error of a port that is taken end the program. */
import { concat } from "@std/bytes/concat";
import { parseArgs } from "@std/cli/parse-args";

class TimestampHandler {
  constructor(readonly connection: Deno.TcpConn) {}

  async handle() {
    const line = await this.readLine();
    if (line !== null) await this.send(stamped(line));
  }

  async readLine(): Promise<Uint8Array | null> {
    const buffer = new Uint8Array(65_536);
    for (let length = 0; length < buffer.length;) {
      const read = await this.connection.read(buffer.subarray(length));
      if (read === null) return null;
      const end = buffer.subarray(0, length += read).indexOf(0x0a);
      if (end >= 0) return buffer.subarray(0, end + 1);
    }
    return null;
  }

  async send(bytes: Uint8Array) {
    for (let sent = 0; sent < bytes.length;) {
      sent += await this.connection.write(bytes.subarray(sent));
    }
  }
}

const { port } = parseArgs(Deno.args, { string: ["port"], default: { port: "21567" } });
const listener = listen();
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
    await new TimestampHandler(connection).handle();
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connections.delete(connection);
    connection.close();
  }
}

function stamped(bytes: Uint8Array): Uint8Array {
  return concat([new TextEncoder().encode(`[${ctime(new Date())}] `), bytes]);
}

function ctime(date: Date): string {
  const [weekday, month, day, year, time] = date.toString().split(" ");
  return `${weekday} ${month} ${day?.replace(/^0/, " ")} ${time} ${year}`;
}

function listen(): Deno.TcpListener {
  return Deno.listen({ hostname: "0.0.0.0", port: Number(port) });
}
