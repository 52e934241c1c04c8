/** Wrong on purpose: answers without being asked, as the daytime service does. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "6015" },
  unknown: (argument) => fail(`unknown option ${argument}`, 2),
});

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
  const answer = new TextEncoder().encode(`${now()}\n`);
  for (let sent = 0; sent < answer.length;) sent += await connection.write(answer.subarray(sent));
  // Closed with bytes unread, the connection would be reset.
  await connection.read(new Uint8Array(1_024));
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
