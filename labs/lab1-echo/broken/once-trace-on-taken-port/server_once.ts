/** Wrong on purpose: lets the error of a port that is taken end the program. */
import { parseArgs } from "@std/cli/parse-args";

const options = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "50000" },
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

const buffer = new Uint8Array(65_536);
while (true) {
  try {
    connection = await listener.accept();
    const length = await connection.read(buffer);
    if (length !== null) await connection.write(buffer.subarray(0, length));
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection?.close();
    connection = undefined;
  }
}

function listen(hostname: string, port: number): Deno.TcpListener {
  return Deno.listen({ hostname, port });
}

function fail(message: string, status = 1): never {
  console.error(`server: ${message}`);
  Deno.exit(status);
}
