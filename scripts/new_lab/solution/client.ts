/**
 * The client: sends the lines of its standard input, and prints what comes back.
 *
 *     deno run --allow-net client.ts [--host server] [--port 7000]
 */
import { parseArgs } from "@std/cli/parse-args";

const { host, port } = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "server", port: "7000" },
});
const connection = await connect(host, Number(port));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    connection.close();
    console.log("Client stopped");
    Deno.exit(0);
  });
}

const printed = print();
for await (const chunk of Deno.stdin.readable) {
  let rest = chunk;
  // A write may take a part only.
  while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
}
// We have said everything, and go on listening.
await connection.closeWrite();
await printed;
connection.close();
Deno.exit(0);

async function print() {
  const buffer = new Uint8Array(16_384);
  while (true) {
    const length = await connection.read(buffer);
    if (length === null) return;
    Deno.stdout.writeSync(buffer.subarray(0, length));
  }
}

async function connect(hostname: string, port: number): Promise<Deno.TcpConn> {
  try {
    return await Deno.connect({ hostname, port });
  } catch (error) {
    console.error(`client: cannot connect to ${hostname}:${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
