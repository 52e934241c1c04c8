/**
 * The client: sends what it reads from standard input, and prints as much as comes back.
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

for await (const chunk of Deno.stdin.readable) {
  let rest = chunk;
  // A write may take a part only.
  while (rest.length > 0) rest = rest.subarray(await connection.write(rest));
  await print(chunk.length);
}
connection.close();
Deno.exit(0);

/** Prints so many bytes as they come: how many a read brings is the network's affair. */
async function print(length: number) {
  const buffer = new Uint8Array(16_384);
  while (length > 0) {
    const count = await connection.read(buffer);
    if (count === null) break;
    Deno.stdout.writeSync(buffer.subarray(0, count));
    length -= count;
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
