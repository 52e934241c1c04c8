/**
 * The server: sends back every byte that comes.
 *
 *     deno run --allow-net server.ts [--host 0.0.0.0] [--port 7000]
 */
import { parseArgs } from "@std/cli/parse-args";

const { host, port } = parseArgs(Deno.args, {
  string: ["host", "port"],
  default: { host: "0.0.0.0", port: "7000" },
});
const listener = listen(host, Number(port));

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.addSignalListener(signal, () => {
    listener.close();
    console.log("Server stopped");
    Deno.exit(0);
  });
}
console.log(`Server listens on TCP ${host}:${port}`);

while (true) {
  const connection = await listener.accept();
  // Not awaited: the next client need not wait. A client that breaks off ends its own connection only.
  connection.readable.pipeTo(connection.writable).catch(() => {});
}

function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port });
  } catch (error) {
    console.error(`server: cannot listen on ${hostname}:${port}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}
