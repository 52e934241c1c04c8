/** Wrong on purpose: waits for a line end, where one read is all that was asked. */
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
    let length = 0;
    while (buffer[length - 1] !== 0x0a) {
      const read = await connection.read(buffer.subarray(length));
      if (read === null) break;
      length += read;
    }
    await connection.write(buffer.subarray(0, length));
  } catch (error) {
    console.error(`server: lost a client: ${(error as Error).message}`);
  } finally {
    connection?.close();
    connection = undefined;
  }
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
